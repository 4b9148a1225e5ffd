using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Mounting, and what else mount(2) is used for.</summary>
internal static class MountCalls
{
    private const ulong RemountBind = MountBits.MS_REMOUNT | MountBits.MS_BIND;
    private const ulong AnyPropagation = MountBits.MS_SHARED | MountBits.MS_PRIVATE | MountBits.MS_SLAVE
        | MountBits.MS_UNBINDABLE;

    /// <summary>Internal to Linux, and refused from outside (MS_NOUSER).</summary>
    private const ulong KernelOnly = 1UL << 31;

    private const int UnmountMask = UmountBits.MNT_FORCE | UmountBits.MNT_DETACH | UmountBits.MNT_EXPIRE
        | UmountBits.UMOUNT_NOFOLLOW;

    /// <summary>Mounts a file system, or changes, copies or moves a mount; the flags say which, in this
    /// order.</summary>
    /// <errors>
    /// EFAULT, EINVAL: the texts, see <see cref="MountText"/>. EPERM: no CAP_SYS_ADMIN. ENODEV: no such file
    /// system. Those of the path, and those of <see cref="MountNamespace"/>.
    /// </errors>
    /// <source>mount(2); the target is looked up before the privilege is.</source>
    internal static SyscallResult Mount(
        UserThread caller, UserAddress source, UserAddress target, UserAddress type, ulong flags, UserAddress data)
    {
        if (!MountText.TryCopy(source, type, data, out MountText text, out Errno error)) return error;
        if (!PathArgument.TryTake(caller, AtBits.AT_FDCWD, target, out PathArgument path, out error)) return error;
        using (path)
        {
            if (!PathWalk.TryFind(
                caller.FileCaller, path.Start, path.Path, WalkFlags.FollowLast, out PathLocation found, out error))
            {
                return error;
            }

            error = MountAt(caller, text, found, MountFlags.WithoutMagic(flags));
            found.Unpin();
            return error;
        }
    }

    private static Errno MountAt(UserThread caller, in MountText text, PathLocation target, ulong flags)
    {
        if ((flags & KernelOnly) != 0) return Errno.EINVAL;
        if (!caller.Credentials.Has(Capability.CAP_SYS_ADMIN)) return Errno.EPERM;

        MountNamespace mounts = caller.Filesystem.Namespace;
        if ((flags & RemountBind) == RemountBind)
        {
            return mounts.SetOptions(target, MountFlags.ToOptions(flags, target.Mount.Options));
        }

        if ((flags & MountBits.MS_REMOUNT) != 0)
        {
            bool isReadOnly = (flags & MountBits.MS_RDONLY) != 0;
            return mounts.Remount(
                target, MountFlags.ToOptions(flags, target.Mount.Options), isReadOnly, text.Options,
                MountFlags.ToFilesystemOptions(flags));
        }

        if ((flags & MountBits.MS_BIND) != 0) return Bind(caller, text, target, flags);
        if ((flags & AnyPropagation) != 0) return SetPropagation(target, flags);
        if ((flags & MountBits.MS_MOVE) != 0) return Move(caller, text, target);
        return MountNew(caller, text, target, flags);
    }

    private static Errno MountNew(
        UserThread caller, in MountText text, PathLocation target, ulong flags)
    {
        if (!text.HasType) return Errno.EINVAL;
        if (!FilesystemTypes.TryFind(text.Type, out FilesystemType? type)) return Errno.ENODEV;
        if (!type.TryMount(caller.FileCaller, text.Source, text.Options, out Filesystem? filesystem, out Errno error))
        {
            return error;
        }

        error = caller.Filesystem.Namespace.Add(
            filesystem, text.Source, MountFlags.ToOptions(flags), target, MountFlags.ToFilesystemOptions(flags));
        if (error != Errno.None) filesystem.Discard();
        return error;
    }

    /// <source>mount(2): of the flags, all but MS_REC are ignored; the copy has the options of the
    /// original.</source>
    private static Errno Bind(UserThread caller, in MountText text, PathLocation target, ulong flags)
    {
        if (!TryFindSource(caller, text, out PathLocation source, out Errno error)) return error;
        error = caller.Filesystem.Namespace.Bind(source, (flags & MountBits.MS_REC) != 0, target);
        source.Unpin();
        return error;
    }

    private static Errno Move(UserThread caller, in MountText text, PathLocation target)
    {
        if (!TryFindSource(caller, text, out PathLocation source, out Errno error)) return error;
        error = caller.Filesystem.Namespace.Move(source, target);
        source.Unpin();
        return error;
    }

    private static bool TryFindSource(UserThread caller, in MountText text, out PathLocation found, out Errno error)
    {
        found = default;
        error = Errno.EINVAL;
        return !text.Source.IsEmpty
            && PathWalk.TryFind(caller.FileCaller, default, text.Source, WalkFlags.FollowLast, out found, out error);
    }

    /// <errors>EINVAL: two kinds at once, or flags beside MS_REC and MS_SILENT.</errors>
    private static Errno SetPropagation(PathLocation target, ulong flags)
    {
        Propagation propagation;
        switch (flags & ~(MountBits.MS_REC | MountBits.MS_SILENT))
        {
            case MountBits.MS_SHARED:
                propagation = Propagation.Shared;
                break;
            case MountBits.MS_PRIVATE:
                propagation = Propagation.Private;
                break;
            case MountBits.MS_UNBINDABLE:
                propagation = Propagation.Unbindable;
                break;
            case MountBits.MS_SLAVE:
                propagation = Propagation.Slave;
                break;
            default:
                return Errno.EINVAL;
        }

        return MountNamespace.SetPropagation(target, (flags & MountBits.MS_REC) != 0, propagation);
    }

    /// <summary>Takes a mount away. MNT_FORCE adds nothing where no server can fail to answer.</summary>
    /// <errors>
    /// EINVAL: unknown flags; MNT_EXPIRE with one of the others; no mount's root. EPERM: no CAP_SYS_ADMIN.
    /// EBUSY: in use.
    /// EAGAIN: MNT_EXPIRE has marked it. And those of the path.
    /// </errors>
    /// <source>umount2(2). The caller's own root is not unmounted but made read-only.</source>
    internal static SyscallResult Umount2(UserThread caller, UserAddress target, int flags)
    {
        if ((flags & ~UnmountMask) != 0) return Errno.EINVAL;
        if (!PathArgument.TryTake(caller, AtBits.AT_FDCWD, target, out PathArgument path, out Errno error)) return error;
        using (path)
        {
            WalkFlags walk = (flags & UmountBits.UMOUNT_NOFOLLOW) != 0 ? WalkFlags.None : WalkFlags.FollowLast;
            return PathWalk.TryLocate(caller.FileCaller, path.Start, path.Path, walk, out PathLocation found, out error)
                ? UnmountAt(caller, found, flags)
                : error;
        }
    }

    private static Errno UnmountAt(UserThread caller, PathLocation found, int flags)
    {
        if (!caller.Credentials.Has(Capability.CAP_SYS_ADMIN)) return Errno.EPERM;

        MountNamespace mounts = caller.Filesystem.Namespace;
        bool isOwnRoot = ReferenceEquals(found.Mount, caller.Filesystem.Root.Mount);
        bool expires = (flags & UmountBits.MNT_EXPIRE) != 0;
        bool detaches = (flags & UmountBits.MNT_DETACH) != 0;
        if (expires && (isOwnRoot || (flags & (UmountBits.MNT_FORCE | UmountBits.MNT_DETACH)) != 0)) return Errno.EINVAL;

        UnmountMode mode = expires ? UnmountMode.WhenExpired
            : detaches ? UnmountMode.Lazily
            : UnmountMode.WhenUnused;
        return isOwnRoot && !detaches
            ? mounts.Remount(
                found, found.Mount.Options, isReadOnly: true, default, found.Mount.Filesystem.Options)
            : mounts.Remove(found, mode);
    }
}
