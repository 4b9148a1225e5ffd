namespace Cashew.Processes;

/// <summary>
/// One queued signal. Made before the signal lock is taken, because nothing allocates under it; an entry that
/// turns out not to be needed is left to the collector.
/// </summary>
public sealed class SignalEntry
{
    public SignalEntry(in SignalInfo info) => Info = info;

    public SignalInfo Info;

    /// <summary>The user whose RLIMIT_SIGPENDING this entry counts against; null for the kernel's
    /// own.</summary>
    internal UserAccount? ChargedTo;

    internal SignalEntry? Next;

    /// <summary>The timer whose entry this is, and always will be.</summary>
    internal PosixTimer? Timer { get; init; }

    /// <summary>Of a timer's entry: whether it is in a queue.</summary>
    internal bool IsQueued;
}
