using System;
using System.Buffers.Binary;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class MountSetattr
{
    private const int StructBytes = 32;
    private const int MaxStructBytes = UserAddress.PageSizeBytes;
    private const int ClearPosition = 8;
    private const int PropagationPosition = 16;
    private const int UserNamespacePosition = 24;

    private const int FlagMask = AtBits.AT_EMPTY_PATH | AtBits.AT_RECURSIVE | AtBits.AT_SYMLINK_NOFOLLOW
        | AtBits.AT_NO_AUTOMOUNT;

    private const ulong Known = MountAttributes.Known | MountApiBits.MOUNT_ATTR_IDMAP;

    /// <summary>Changes the options and the propagation of a mount, or of all below it, too.</summary>
    /// <errors>
    /// EINVAL: flags, attributes or propagation that make no sense; the structure is too small; no mount's
    /// root. E2BIG: it is too large, or says what we do not know. EPERM: no CAP_SYS_ADMIN. EBUSY: it is to be
    /// read-only, and somebody writes.
    /// EBADF: see the deviation. EFAULT, and those of the path.
    /// </errors>
    /// <source>mount_setattr(2)</source>
    /// <deviation>There are no user namespaces, so no descriptor of one can be given: MOUNT_ATTR_IDMAP is
    /// EBADF or EINVAL.
    /// </deviation>
    internal static SyscallResult Invoke(
        UserThread caller, int directoryFd, UserAddress path, int flags, UserAddress attributes, ulong size)
    {
        if ((flags & ~FlagMask) != 0) return Errno.EINVAL;
        if (size > MaxStructBytes) return Errno.E2BIG;
        if (size < StructBytes) return Errno.EINVAL;
        if (!caller.Credentials.Has(Capability.CAP_SYS_ADMIN)) return Errno.EPERM;

        Span<byte> text = stackalloc byte[StructBytes];
        Errno error = StructArgument.Read(text, attributes, size);
        if (error != Errno.None) return error;
        ulong set = BinaryPrimitives.ReadUInt64LittleEndian(text);
        ulong cleared = BinaryPrimitives.ReadUInt64LittleEndian(text[ClearPosition..]);
        ulong propagation = BinaryPrimitives.ReadUInt64LittleEndian(text[PropagationPosition..]);
        if (set == 0 && cleared == 0 && propagation == 0) return 0;

        ulong user = BinaryPrimitives.ReadUInt64LittleEndian(text[UserNamespacePosition..]);
        if (!TryDecode(set, cleared, propagation, out MountChange change)) return Errno.EINVAL;
        if (((set | cleared) & MountApiBits.MOUNT_ATTR_IDMAP) != 0) return RefuseIdMap(caller, cleared, user);
        return Apply(caller, directoryFd, path, flags, change);
    }

    private static bool TryDecode(ulong set, ulong cleared, ulong propagation, out MountChange change)
    {
        change = default;
        if (((set | cleared) & ~Known) != 0) return false;
        if (!TryDecodePropagation(propagation, out Propagation? kind)) return false;

        MountOptions added = MountAttributes.ToOptions(set);
        MountOptions removed = MountAttributes.ToOptions(cleared);
        ulong clearedTimes = cleared & MountApiBits.MOUNT_ATTR__ATIME;
        if (clearedTimes != 0)
        {
            // The three ways exclude each other: all is taken away, and one is chosen.
            if (clearedTimes != MountApiBits.MOUNT_ATTR__ATIME) return false;
            if (!MountAttributes.TryToAccessTimes(set, out MountOptions times)) return false;
            removed |= MountAttributes.AccessTimes;
            added |= times;
        }
        else if ((set & MountApiBits.MOUNT_ATTR__ATIME) != 0)
        {
            return false;
        }

        change = new MountChange { Set = added, Cleared = removed, Propagation = kind };
        return true;
    }

    private static bool TryDecodePropagation(ulong propagation, out Propagation? kind)
    {
        kind = propagation switch
        {
            MountBits.MS_SHARED => Propagation.Shared,
            MountBits.MS_PRIVATE => Propagation.Private,
            MountBits.MS_SLAVE => Propagation.Slave,
            MountBits.MS_UNBINDABLE => Propagation.Unbindable,
            _ => null,
        };
        return kind is not null || propagation == 0;
    }

    private static Errno RefuseIdMap(UserThread caller, ulong cleared, ulong userNamespace)
    {
        if ((cleared & MountApiBits.MOUNT_ATTR_IDMAP) != 0 || userNamespace > int.MaxValue) return Errno.EINVAL;
        if (!caller.Descriptors.TryUse((int)userNamespace, out FileUse use, out Errno error)) return error;
        use.Dispose();
        return Errno.EINVAL;
    }

    private static Errno Apply(UserThread caller, int directoryFd, UserAddress path, int flags, in MountChange change)
    {
        WalkFlags walk = PathArgument.FollowUnless(flags);
        if (!MountPlaces.TryFind(caller, directoryFd, path, walk, out PathLocation found, out Errno error)) return error;
        error = caller.Filesystem.Namespace.Change(found, (flags & AtBits.AT_RECURSIVE) != 0, change);
        found.Unpin();
        return error;
    }
}
