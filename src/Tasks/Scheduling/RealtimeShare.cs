using System.Runtime.CompilerServices;
using System.Threading;
using Cashew.Machine;

namespace Cashew.Tasks;

/// <summary>What the real-time class may have of one processor in each period, while others wait. Protected
/// by the run queue's lock.</summary>
/// <source>sched(7), "Limiting the CPU usage of real-time and deadline processes".</source>
[EagerStaticClassConstruction] // interrupt handlers come here
public sealed class RealtimeShare
{
    private static long s_periodNs = Nanoseconds.PerSecond;
    private static long s_runtimeNs = Nanoseconds.PerSecond / 100 * 95;

    private Nanoseconds _periodEnd = Nanoseconds.Zero;
    private long _usedNs;

    internal RealtimeShare()
    {
    }

    /// <summary>sched_rt_period_us, in nanoseconds.</summary>
    public static long PeriodNs
    {
        get => Volatile.Read(ref s_periodNs);
        set => Volatile.Write(ref s_periodNs, value);
    }

    /// <summary>sched_rt_runtime_us, in nanoseconds; less than zero for no limit.</summary>
    public static long RuntimeNs
    {
        get => Volatile.Read(ref s_runtimeNs);
        set => Volatile.Write(ref s_runtimeNs, value);
    }

    /// <summary>A real-time thread has run for a while, up to now.</summary>
    internal void Charge(Nanoseconds now, Nanoseconds elapsed)
    {
        _usedNs += elapsed.Value;
        Renew(now);
    }

    /// <summary>The others have their turn until the period ends.</summary>
    internal bool IsSpent(Nanoseconds now)
    {
        Renew(now);
        return RuntimeNs >= 0 && _usedNs >= RuntimeNs;
    }

    /// <summary>When it will be spent, if somebody of the class runs from now on.</summary>
    internal Nanoseconds EndFrom(Nanoseconds now)
    {
        if (RuntimeNs < 0) return Nanoseconds.Max;
        Renew(now);
        long left = RuntimeNs - _usedNs;
        return left <= 0 ? now : now + new Nanoseconds(left);
    }

    private void Renew(Nanoseconds now)
    {
        if (now < _periodEnd) return;
        _periodEnd = now + new Nanoseconds(PeriodNs);
        _usedNs = 0;
    }
}
