using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Calls that give, take and move names.</summary>
internal static class Links
{
    /// <summary>Gives a file one more name.</summary>
    /// <errors>EINVAL: unknown flags. ENOENT: AT_EMPTY_PATH without CAP_DAC_READ_SEARCH. The rest is the file tree's.
    /// </errors>
    /// <source>link(2).</source>
    internal static SyscallResult Link(
        UserThread caller, int oldFd, UserAddress oldAddress, int newFd, UserAddress newAddress, int flags)
    {
        if ((flags & ~(AtBits.AT_SYMLINK_FOLLOW | AtBits.AT_EMPTY_PATH)) != 0) return Errno.EINVAL;
        bool allowsEmpty = (flags & AtBits.AT_EMPTY_PATH) != 0;
        if (allowsEmpty && !caller.Credentials.Has(Capability.CAP_DAC_READ_SEARCH)) return Errno.ENOENT;
        WalkFlags walk = (flags & AtBits.AT_SYMLINK_FOLLOW) != 0 ? WalkFlags.FollowLast : WalkFlags.None;
        if (allowsEmpty) walk |= WalkFlags.AllowEmpty;

        if (!UserPath.TryRead(caller, oldAddress, out ReadOnlySpan<byte> oldPath, out Errno error)) return error;
        if (!UserPath.TryReadSecond(caller, newAddress, out ReadOnlySpan<byte> newPath, out error)) return error;
        if (!PathStart.TryGet(caller, oldFd, oldPath, out PathStart oldStart, out error)) return error;
        using (oldStart)
        {
            if (!PathStart.TryGet(caller, newFd, newPath, out PathStart newStart, out error)) return error;
            using (newStart)
            {
                return FileTree.MakeLink(
                    caller.FileCaller, oldStart.Location, oldPath, walk, newStart.Location, newPath);
            }
        }
    }

    /// <source>symlink(2).</source>
    internal static SyscallResult Symlink(UserThread caller, UserAddress targetAddress, int fd, UserAddress address)
    {
        if (!UserPath.TryReadSecond(caller, targetAddress, out ReadOnlySpan<byte> target, out Errno error)) return error;
        if (!UserPath.TryRead(caller, address, out ReadOnlySpan<byte> path, out error)) return error;
        if (!PathStart.TryGet(caller, fd, path, out PathStart start, out error)) return error;
        using (start) return FileTree.MakeSymlink(caller.FileCaller, target, start.Location, path);
    }

    /// <summary>Copies the text of a symbolic link, cut to the buffer and without a terminator.</summary>
    /// <errors>EINVAL: no room at all, or no symbolic link. EFAULT. Those of the path.</errors>
    /// <source>readlink(2).</source>
    internal static SyscallResult ReadLink(
        UserThread caller, int fd, UserAddress address, UserAddress buffer, int lengthBytes)
    {
        if (lengthBytes <= 0) return Errno.EINVAL;
        if (!UserPath.TryRead(caller, address, out ReadOnlySpan<byte> path, out Errno error)) return error;
        if (!PathStart.TryGet(caller, fd, path, out PathStart start, out error)) return error;
        byte[]? target;
        using (start)
        {
            if (!FileTree.TryReadLink(caller.FileCaller, start.Location, path, out target, out error)) return error;
        }

        int count = Math.Min(lengthBytes, target.Length);
        return UserMemory.CopyOut(buffer, target.AsSpan(0, count)) == count ? count : Errno.EFAULT;
    }

    /// <source>unlink(2), unlinkat(2), rmdir(2).</source>
    /// <errors>EINVAL: unknown flags. The rest is the file tree's.</errors>
    internal static SyscallResult Unlink(UserThread caller, int fd, UserAddress address, int flags)
    {
        if ((flags & ~AtBits.AT_REMOVEDIR) != 0) return Errno.EINVAL;
        if (!UserPath.TryRead(caller, address, out ReadOnlySpan<byte> path, out Errno error)) return error;
        if (!PathStart.TryGet(caller, fd, path, out PathStart start, out error)) return error;
        using (start)
        {
            return (flags & AtBits.AT_REMOVEDIR) != 0
                ? FileTree.RemoveDirectory(caller.FileCaller, start.Location, path)
                : FileTree.Unlink(caller.FileCaller, start.Location, path);
        }
    }

    /// <source>rename(2), renameat2(2).</source>
    internal static SyscallResult Rename(
        UserThread caller, int oldFd, UserAddress oldAddress, int newFd, UserAddress newAddress, uint flags)
    {
        if (!UserPath.TryRead(caller, oldAddress, out ReadOnlySpan<byte> oldPath, out Errno error)) return error;
        if (!UserPath.TryReadSecond(caller, newAddress, out ReadOnlySpan<byte> newPath, out error)) return error;
        if (!PathStart.TryGet(caller, oldFd, oldPath, out PathStart oldStart, out error)) return error;
        using (oldStart)
        {
            if (!PathStart.TryGet(caller, newFd, newPath, out PathStart newStart, out error)) return error;
            using (newStart)
            {
                return FileTree.Rename(
                    caller.FileCaller, oldStart.Location, oldPath, newStart.Location, newPath, flags);
            }
        }
    }
}
