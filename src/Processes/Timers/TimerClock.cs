using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>What a timer counts by: time since boot, the time of day, or processor time.</summary>
public readonly struct TimerClock
{
    private readonly CpuClock _processor;

    /// <summary>Time since boot, or of day.</summary>
    public TimerClock(int number, bool isOfDay)
    {
        Number = number;
        IsOfDay = isOfDay;
    }

    public TimerClock(CpuClock processor)
    {
        Number = processor.Number;
        IsOfProcessor = true;
        _processor = processor;
    }

    /// <summary>The one that programs give it, which /proc shows.</summary>
    public int Number { get; }

    public bool IsOfDay { get; }

    public bool IsOfProcessor { get; }

    public CpuClock Processor => _processor;
}
