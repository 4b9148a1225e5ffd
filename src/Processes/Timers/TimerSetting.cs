using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>When a timer expires next, from now, and how often after that; zero means not at all.</summary>
public readonly struct TimerSetting(Nanoseconds remaining, Nanoseconds interval)
{
    public Nanoseconds Remaining { get; } = remaining;

    public Nanoseconds Interval { get; } = interval;
}
