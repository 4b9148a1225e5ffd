using Cashew.Abi;
using Cashew.Files;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Close
{
    /// <summary>Frees a descriptor, whatever the file has to say to that.</summary>
    /// <errors>EBADF: not open. EIO and others: what the file could not write; the descriptor is free all the same.
    /// </errors>
    /// <source>close(2), "Dealing with error returns from close()".</source>
    internal static SyscallResult Invoke(UserThread caller, int fd)
    {
        if (!caller.Descriptors.TryRemove(fd, out OpenFile? file)) return Errno.EBADF;
        Errno error = file.Flush();
        file.Release();
        return error;
    }

    /// <summary>Closes, or marks to be closed by an exec, all descriptors of a range.</summary>
    /// <errors>EINVAL: unknown flags, or an empty range.</errors>
    /// <source>close_range(2).</source>
    internal static SyscallResult Range(UserThread caller, uint first, uint last, uint flags)
    {
        const uint Known = CloseRangeBits.CLOSE_RANGE_UNSHARE | CloseRangeBits.CLOSE_RANGE_CLOEXEC;
        if ((flags & ~Known) != 0 || first > last) return Errno.EINVAL;
        if ((flags & CloseRangeBits.CLOSE_RANGE_UNSHARE) != 0) caller.UnshareDescriptors();
        int from = (int)uint.Min(first, int.MaxValue);
        int to = (int)uint.Min(last, int.MaxValue);
        if ((flags & CloseRangeBits.CLOSE_RANGE_CLOEXEC) != 0) caller.Descriptors.MarkRange(from, to);
        else caller.Descriptors.CloseRange(from, to);
        return 0;
    }
}
