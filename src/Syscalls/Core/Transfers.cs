using Cashew.Abi;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>What all calls that write have in common: the signals that go with two of the errors, and the limit of
/// file sizes.</summary>
internal static class Transfers
{
    /// <summary>Cuts a count to what one call moves.</summary>
    internal static int Clamp(ulong lengthBytes) =>
        (int)ulong.Min(lengthBytes, UserVector.MaxTransferBytes);

    /// <summary>RLIMIT_FSIZE.</summary>
    internal static long SizeLimit(UserThread caller) =>
        (long)ulong.Min(caller.Process.Limits.Soft(RlimitResource.RLIMIT_FSIZE), long.MaxValue);

    /// <summary>A failed write to a pipe nobody reads raises SIGPIPE, one beyond the limit SIGXFSZ.</summary>
    /// <source>write(2), EPIPE; getrlimit(2), RLIMIT_FSIZE.</source>
    internal static IoResult Finish(UserThread caller, IoResult result)
    {
        if (result.Error == Errno.EPIPE) SignalTargets.RaiseHere(caller, Signals.SIGPIPE);
        return FinishSized(caller, result);
    }

    /// <summary>The same for calls that only change a file's size.</summary>
    internal static IoResult FinishSized(UserThread caller, IoResult result)
    {
        if (result.Error == Errno.EFBIG) SignalTargets.RaiseHere(caller, Signals.SIGXFSZ);
        return result;
    }
}
