using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>How full a file system is.</summary>
/// <source>statfs(2).</source>
internal static class FilesystemStatistics
{
    internal static SyscallResult ByPath(UserThread caller, UserAddress address, UserAddress result)
    {
        if (!UserPath.TryRead(caller, address, out ReadOnlySpan<byte> path, out Errno error)) return error;
        if (path.IsEmpty) return Errno.ENOENT;
        error = FileTree.GetStatistics(caller.FileCaller, default, path, out Statfs statistics);
        if (error != Errno.None) return error;
        return UserMemory.TryWrite(result, statistics) ? 0 : Errno.EFAULT;
    }

    internal static SyscallResult ByDescriptor(UserThread caller, int fd, UserAddress result)
    {
        if (!caller.Descriptors.TryUseAny(fd, out FileUse use, out Errno error)) return error;
        Statfs statistics;
        using (use)
        {
            // A pipe is on a file system of its own, which is mounted nowhere.
            if (use.File.Location.IsNone) use.File.Inode.Filesystem.GetStatistics(out statistics);
            else FileTree.GetStatistics(use.File.Location.Mount, out statistics);
        }

        return UserMemory.TryWrite(result, statistics) ? 0 : Errno.EFAULT;
    }
}
