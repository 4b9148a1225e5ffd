using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class MoveMount
{
    private const uint FlagMask = MountApiBits.MOVE_MOUNT_F_SYMLINKS | MountApiBits.MOVE_MOUNT_F_AUTOMOUNTS
        | MountApiBits.MOVE_MOUNT_F_EMPTY_PATH | MountApiBits.MOVE_MOUNT_T_SYMLINKS
        | MountApiBits.MOVE_MOUNT_T_AUTOMOUNTS | MountApiBits.MOVE_MOUNT_T_EMPTY_PATH
        | MountApiBits.MOVE_MOUNT_SET_GROUP;

    /// <summary>Attaches what open_tree(2) or fsmount(2) has made, or moves a mount.</summary>
    /// <errors>EPERM: no CAP_SYS_ADMIN. EINVAL: unknown flags. Those of
    /// <see cref="MountNamespace.MoveHere"/>, <see cref="MountNamespace.SetGroup"/> and of the
    /// paths.</errors>
    /// <source>move_mount(2)</source>
    internal static SyscallResult Invoke(
        UserThread caller, int fromFd, UserAddress fromPath, int toFd, UserAddress toPath, uint flags)
    {
        if (!caller.Credentials.Has(Capability.CAP_SYS_ADMIN)) return Errno.EPERM;
        if ((flags & ~FlagMask) != 0) return Errno.EINVAL;

        bool follows = (flags & MountApiBits.MOVE_MOUNT_F_SYMLINKS) != 0;
        bool allowsEmpty = (flags & MountApiBits.MOVE_MOUNT_F_EMPTY_PATH) != 0;
        WalkFlags walk = Walk(follows, allowsEmpty);
        if (!MountPlaces.TryFind(caller, fromFd, fromPath, walk, out PathLocation from, out Errno error)) return error;

        follows = (flags & MountApiBits.MOVE_MOUNT_T_SYMLINKS) != 0;
        allowsEmpty = (flags & MountApiBits.MOVE_MOUNT_T_EMPTY_PATH) != 0;
        if (MountPlaces.TryFind(caller, toFd, toPath, Walk(follows, allowsEmpty), out PathLocation to, out error))
        {
            MountNamespace mounts = caller.Filesystem.Namespace;
            bool setsGroup = (flags & MountApiBits.MOVE_MOUNT_SET_GROUP) != 0;
            error = setsGroup ? mounts.SetGroup(from, to) : mounts.MoveHere(from, to);
            to.Unpin();
        }

        from.Unpin();
        return error;
    }

    private static WalkFlags Walk(bool follows, bool allowsEmpty)
        => (follows ? WalkFlags.FollowLast : WalkFlags.None) | (allowsEmpty ? WalkFlags.AllowEmpty : WalkFlags.None);
}
