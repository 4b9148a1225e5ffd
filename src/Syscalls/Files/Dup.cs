using Cashew.Abi;
using Cashew.Files;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Dup
{
    /// <summary>One more descriptor for an open file: the lowest free one.</summary>
    /// <errors>EBADF. EMFILE.</errors>
    /// <source>dup(2)</source>
    internal static SyscallResult Invoke(UserThread caller, int oldFd)
    {
        int limit = DescriptorLimit.Of(caller);
        if (caller.Descriptors.TryDuplicate(oldFd, 0, limit, FdFlags.None, out int fd, out Errno error)) return fd;

        // That the least number is not below the limit would be EINVAL for fcntl(2), which takes it from the
        // caller.
        return error == Errno.EINVAL ? Errno.EMFILE : error;
    }

    /// <summary>Makes a chosen descriptor refer to an open file, closing what it held.</summary>
    /// <errors>EBADF: one is not open, or the other negative or not below RLIMIT_NOFILE.</errors>
    /// <source>dup2(2): with equal numbers only the check remains.</source>
    internal static SyscallResult InvokeTo(UserThread caller, int oldFd, int newFd)
    {
        if (oldFd != newFd) return Replace(caller, oldFd, newFd, FdFlags.None);
        return caller.Descriptors.TryGetFlags(oldFd, out _) ? newFd : Errno.EBADF;
    }

    /// <summary>The same with flags, and never with equal numbers.</summary>
    /// <errors>EINVAL: the descriptors are equal, or a flag other than O_CLOEXEC is set.</errors>
    /// <source>dup3(2), including the order of checks.</source>
    internal static SyscallResult InvokeWithFlags(UserThread caller, int oldFd, int newFd, uint flags)
    {
        if ((flags & ~OpenBits.O_CLOEXEC) != 0) return Errno.EINVAL;
        if (oldFd == newFd) return Errno.EINVAL;
        return Replace(caller, oldFd, newFd, FdFlags.FromOpen(flags));
    }

    private static SyscallResult Replace(UserThread caller, int oldFd, int newFd, FdFlags flags)
    {
        if (!caller.Descriptors.TryReplace(
            oldFd, newFd, DescriptorLimit.Of(caller), flags, out OpenFile? replaced, out Errno error))
        {
            return error;
        }

        // Only now, with the table lock gone: the last close of a file can sleep.
        if (replaced is not null) _ = caller.Descriptors.Close(replaced); // dup2(2): errors of this close are lost

        return newFd;
    }
}
