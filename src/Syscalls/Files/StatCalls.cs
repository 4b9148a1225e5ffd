using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>What is known about a file.</summary>
/// <source>stat(2).</source>
internal static class StatCalls
{
    private const int KnownFlags = AtBits.AT_SYMLINK_NOFOLLOW | AtBits.AT_NO_AUTOMOUNT | AtBits.AT_EMPTY_PATH;

    /// <summary>stat(2) and lstat(2).</summary>
    /// <errors>Those of the path; EFAULT.</errors>
    internal static SyscallResult ByPath(UserThread caller, UserAddress pathAddress, UserAddress result, int flags) =>
        At(caller, AtBits.AT_FDCWD, pathAddress, result, flags);

    /// <summary>fstat(2).</summary>
    /// <errors>EBADF, EFAULT.</errors>
    internal static SyscallResult ByDescriptor(UserThread caller, int fd, UserAddress result)
    {
        if (!caller.Descriptors.TryUseAny(fd, out FileUse use, out Errno error)) return error;
        Stat stat;
        using (use) use.File.Inode.GetStat(out stat);
        return UserMemory.TryWrite(result, stat) ? 0 : Errno.EFAULT;
    }

    /// <summary>newfstatat(2).</summary>
    /// <errors>EINVAL: unknown flags. EBADF, ENOTDIR: the directory's descriptor. Those of the path; EFAULT.</errors>
    internal static SyscallResult At(
        UserThread caller, int directoryFd, UserAddress pathAddress, UserAddress result, int flags)
    {
        if ((flags & ~KnownFlags) != 0) return Errno.EINVAL;
        if (!UserPath.TryRead(caller, pathAddress, out ReadOnlySpan<byte> path, out Errno error)) return error;
        if (!PathStart.TryGet(caller, directoryFd, path, out PathStart start, out error)) return error;
        Stat stat;
        using (start)
        {
            bool isFileItself = path.IsEmpty && (flags & AtBits.AT_EMPTY_PATH) != 0 && start.File is not null;
            if (isFileItself) start.File!.Inode.GetStat(out stat);
            else error = FileTree.GetStat(caller.FileCaller, start.Location, path, PathFlags.From(flags), out stat);
        }

        if (error != Errno.None) return error;
        return UserMemory.TryWrite(result, stat) ? 0 : Errno.EFAULT;
    }
}
