using Cashew.Abi;
using Cashew.Files;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>RLIMIT_FSIZE, and the signal for who runs into it.</summary>
/// <source>getrlimit(2)</source>
internal static class FileSizeLimit
{
    internal static long Of(UserThread caller)
    {
        ulong limit = caller.Process.Limits.Soft(RlimitResource.RLIMIT_FSIZE);
        return limit > long.MaxValue ? long.MaxValue : (long)limit;
    }

    /// <summary>Something was copied up to the limit, and there was more: whoever copies piece by piece hears
    /// of it.
    /// </summary>
    internal static void RaiseIfReached(UserThread caller, OpenFile output, long end)
    {
        if (output.IsSeekable && output.Inode.IsRegular && end >= Of(caller)) Raise(caller);
    }

    /// <summary>The file said EFBIG. Only the limit raises the signal, not the size a file system can
    /// hold.</summary>
    internal static void Raise(UserThread caller)
    {
        if (Of(caller) != long.MaxValue) SignalTargets.RaiseHere(caller, Signals.SIGXFSZ);
    }
}
