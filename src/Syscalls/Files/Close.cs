using Cashew.Abi;
using Cashew.Files;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Close
{
    /// <summary>Gives a descriptor back; with the last one for the file, the file is closed.</summary>
    /// <errors>EBADF.</errors>
    /// <source>close(2)</source>
    internal static SyscallResult Invoke(UserThread caller, int fd)
    {
        if (!caller.Descriptors.TryRemove(fd, out OpenFile? file)) return Errno.EBADF;

        // The number is free whatever happens now; a program must not try again.
        return caller.Descriptors.Close(file);
    }

    /// <summary>Closes, or marks for closing at exec, all descriptors of a range.</summary>
    /// <errors>EINVAL: an unknown flag, or the first above the last. ENOMEM.</errors>
    /// <source>close_range(2)</source>
    internal static SyscallResult InvokeRange(UserThread caller, uint first, uint last, uint flags)
    {
        const uint Known = CloseRangeBits.CLOSE_RANGE_CLOEXEC | CloseRangeBits.CLOSE_RANGE_UNSHARE;
        if ((flags & ~Known) != 0 || first > last) return Errno.EINVAL;

        if ((flags & CloseRangeBits.CLOSE_RANGE_UNSHARE) != 0)
        {
            Errno error = caller.UnshareDescriptors();
            if (error != Errno.None) return error;
        }

        int from = (int)uint.Min(first, int.MaxValue);
        int to = (int)uint.Min(last, int.MaxValue);
        if ((flags & CloseRangeBits.CLOSE_RANGE_CLOEXEC) != 0)
        {
            caller.Descriptors.MarkRange(from, to);
        }
        else
        {
            caller.Descriptors.CloseRange(from, to);
        }

        return 0;
    }
}
