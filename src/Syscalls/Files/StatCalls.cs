using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class StatCalls
{
    private const int KnownFlags = AtBits.AT_SYMLINK_NOFOLLOW | AtBits.AT_NO_AUTOMOUNT | AtBits.AT_EMPTY_PATH;

    /// <summary>What is known about the file at a path.</summary>
    /// <errors>EINVAL: an unknown flag. EFAULT. And those of the path.</errors>
    /// <source>stat(2), lstat(2), newfstatat: fstatat(2)</source>
    internal static SyscallResult InvokeAt(
        UserThread caller, int directoryFd, UserAddress path, UserAddress result, int flags)
    {
        if ((flags & ~KnownFlags) != 0) return Errno.EINVAL;
        if (!PathArgument.TryTake(caller, directoryFd, path, out PathArgument argument, out Errno error)) return error;
        using (argument)
        {
            Stat stat;
            if (argument.Itself(flags) is { } file)
            {
                file.Inode.GetStat(out stat);
            }
            else
            {
                error = FileTree.GetStat(
                    caller.FileCaller, argument.Start, argument.Path, PathArgument.FollowUnless(flags), out stat);
                if (error != Errno.None) return error;
            }

            return UserMemory.TryWrite(result, stat) ? 0 : Errno.EFAULT;
        }
    }

    /// <summary>What is known about an open file.</summary>
    /// <errors>EBADF. EFAULT.</errors>
    /// <source>fstat(2)</source>
    internal static SyscallResult Invoke(UserThread caller, int fd, UserAddress result)
    {
        if (!caller.Descriptors.TryUseAny(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            use.File.Inode.GetStat(out Stat stat);
            return UserMemory.TryWrite(result, stat) ? 0 : Errno.EFAULT;
        }
    }
}
