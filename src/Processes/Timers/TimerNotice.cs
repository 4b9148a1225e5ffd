namespace Cashew.Processes;

/// <summary>What a timer does when it expires.</summary>
/// <source>sigevent(3type).</source>
public readonly struct TimerNotice(TimerNoticeKind kind, int signal, ulong value, UserThread? thread)
{
    public TimerNoticeKind Kind { get; } = kind;

    public int Signal { get; } = signal;

    /// <summary>si_value.</summary>
    public ulong Value { get; } = value;

    /// <summary>To whom; null for the process.</summary>
    internal UserThread? Thread { get; } = thread;
}
