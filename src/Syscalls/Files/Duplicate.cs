using Cashew.Abi;
using Cashew.Files;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>More descriptors for one open file.</summary>
/// <source>dup(2).</source>
internal static class Duplicate
{
    /// <errors>EBADF, EMFILE.</errors>
    internal static SyscallResult Lowest(UserThread caller, int fd)
    {
        bool isDone = caller.Descriptors.TryDuplicate(
            fd, 0, Descriptors.Limit(caller), FdFlags.None, out int duplicate, out Errno error);
        return isDone ? duplicate : error;
    }

    /// <summary>dup2(2): the same number twice is fine, if it is open.</summary>
    /// <errors>EBADF: the old one is not open, or the new one out of range. EBUSY: a race with open(2).</errors>
    internal static SyscallResult Chosen(UserThread caller, int oldFd, int newFd)
    {
        if (oldFd != newFd) return Replace(caller, oldFd, newFd, FdFlags.None);
        if (!caller.Descriptors.TryUseAny(oldFd, out FileUse use, out Errno error)) return error;
        use.Dispose();
        return newFd;
    }

    /// <summary>dup3(2).</summary>
    /// <errors>EINVAL: the same number twice, or a flag other than O_CLOEXEC. The rest as <see cref="Chosen"/>.</errors>
    internal static SyscallResult ChosenWithFlags(UserThread caller, int oldFd, int newFd, uint flags)
    {
        if ((flags & ~OpenBits.O_CLOEXEC) != 0 || oldFd == newFd) return Errno.EINVAL;
        return Replace(caller, oldFd, newFd, FdFlags.FromOpen(flags));
    }

    private static SyscallResult Replace(UserThread caller, int oldFd, int newFd, FdFlags flags)
    {
        if (!caller.Descriptors.TryReplace(
            oldFd, newFd, Descriptors.Limit(caller), flags, out OpenFile? replaced, out Errno error)) return error;
        if (replaced is null) return newFd;

        // Only now, with the table's lock gone: the last close of a file can sleep.
        _ = replaced.Flush(); // dup(2), NOTES: errors of this implicit close are lost.
        replaced.Release();
        return newFd;
    }
}
