using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Calls that change permissions and owners.</summary>
internal static class Attributes
{
    private const int KnownFlags = AtBits.AT_SYMLINK_NOFOLLOW | AtBits.AT_EMPTY_PATH;

    /// <source>chmod(2), fchmodat(2).</source>
    internal static SyscallResult ChangeMode(UserThread caller, int fd, UserAddress address, uint mode, int flags)
    {
        if ((flags & ~KnownFlags) != 0) return Errno.EINVAL;
        if (!UserPath.TryRead(caller, address, out ReadOnlySpan<byte> path, out Errno error)) return error;
        if (!PathStart.TryGet(caller, fd, path, out PathStart start, out error)) return error;
        using (start)
        {
            if (path.IsEmpty && start.File is { } file && (flags & AtBits.AT_EMPTY_PATH) != 0)
                return ChangeMode(caller, file, mode);
            return FileTree.ChangeMode(caller.FileCaller, start.Location, path, PathFlags.From(flags), mode);
        }
    }

    /// <source>fchmod(2).</source>
    internal static SyscallResult ChangeModeOf(UserThread caller, int fd, uint mode)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use) return ChangeMode(caller, use.File, mode);
    }

    /// <source>chown(2), fchownat(2).</source>
    internal static SyscallResult ChangeOwner(
        UserThread caller, int fd, UserAddress address, uint uid, uint gid, int flags)
    {
        if ((flags & ~KnownFlags) != 0) return Errno.EINVAL;
        if (!UserPath.TryRead(caller, address, out ReadOnlySpan<byte> path, out Errno error)) return error;
        if (!PathStart.TryGet(caller, fd, path, out PathStart start, out error)) return error;
        using (start)
        {
            if (path.IsEmpty && start.File is { } file && (flags & AtBits.AT_EMPTY_PATH) != 0)
                return ChangeOwner(caller, file, uid, gid);
            return FileTree.ChangeOwner(caller.FileCaller, start.Location, path, PathFlags.From(flags), uid, gid);
        }
    }

    /// <source>fchown(2).</source>
    internal static SyscallResult ChangeOwnerOf(UserThread caller, int fd, uint uid, uint gid)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use) return ChangeOwner(caller, use.File, uid, gid);
    }

    private static Errno ChangeMode(UserThread caller, OpenFile file, uint mode) =>
        FileTree.ChangeMode(caller.Credentials, MountOf(file), file.Inode, mode);

    private static Errno ChangeOwner(UserThread caller, OpenFile file, uint uid, uint gid) =>
        FileTree.ChangeOwner(caller.Credentials, MountOf(file), file.Inode, uid, gid);

    internal static Mount? MountOf(OpenFile file) => file.Location.IsNone ? null : file.Location.Mount;
}
