using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>The calls that change who owns a file and who may do what with it.</summary>
internal static class Attributes
{
    private const int OwnerFlags = AtBits.AT_SYMLINK_NOFOLLOW | AtBits.AT_EMPTY_PATH;

    /// <source>chmod(2), fchmodat(2), fchmodat2(2)</source>
    internal static SyscallResult Fchmodat2(
        UserThread caller, int directoryFd, UserAddress path, uint mode, int flags)
    {
        if ((flags & ~OwnerFlags) != 0) return Errno.EINVAL;
        if (!PathArgument.TryTake(caller, directoryFd, path, out PathArgument argument, out Errno error)) return error;
        using (argument)
        {
            if (argument.Itself(flags) is { } file) return Chmod(caller, file, mode);
            return FileTree.ChangeMode(
                caller.FileCaller, argument.Start, argument.Path, PathArgument.FollowUnless(flags), mode);
        }
    }

    /// <source>fchmod(2)</source>
    internal static SyscallResult Fchmod(UserThread caller, int fd, uint mode)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use) return Chmod(caller, use.File, mode);
    }

    /// <source>chown(2), lchown(2), fchownat(2)</source>
    internal static SyscallResult Fchownat(
        UserThread caller, int directoryFd, UserAddress path, uint uid, uint gid, int flags)
    {
        if ((flags & ~OwnerFlags) != 0) return Errno.EINVAL;
        if (!PathArgument.TryTake(caller, directoryFd, path, out PathArgument argument, out Errno error)) return error;
        using (argument)
        {
            if (argument.Itself(flags) is { } file) return Chown(caller, file, uid, gid);
            return FileTree.ChangeOwner(
                caller.FileCaller, argument.Start, argument.Path, PathArgument.FollowUnless(flags), uid, gid);
        }
    }

    /// <source>fchown(2)</source>
    internal static SyscallResult Fchown(UserThread caller, int fd, uint uid, uint gid)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use) return Chown(caller, use.File, uid, gid);
    }

    private static Errno Chmod(UserThread caller, OpenFile file, uint mode) =>
        FileTree.ChangeMode(caller.Credentials, file.Location, file.Inode, mode);

    private static Errno Chown(UserThread caller, OpenFile file, uint uid, uint gid) =>
        FileTree.ChangeOwner(caller.Credentials, file.Location, file.Inode, uid, gid);

    internal static Mount? MountOf(OpenFile file) => file.Location.IsNone ? null : file.Location.Mount;
}
