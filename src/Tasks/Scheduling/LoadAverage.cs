using System.Threading;
using Cashew.Machine;

namespace Cashew.Tasks;

/// <summary>
/// How many threads want to run, averaged over 1, 5 and 15 minutes. Steps of five seconds are made up for
/// whenever something changes, so an idle machine is not woken for them.
/// </summary>
/// <source>proc(5), loadavg; the usual exponential decay in fixed point with 11 fraction bits.</source>
public static class LoadAverage
{
    public const int FractionBits = 11;

    private const long One = 1 << FractionBits;
    private const long StepNs = 5 * Nanoseconds.PerSecond;
    private const long Decay1 = 1884;  // One * e^(-5/60)
    private const long Decay5 = 2014;  // One * e^(-5/300)
    private const long Decay15 = 2037; // One * e^(-5/900)
    private const int MaximumSteps = 2000;

    // Written by whoever moves s_next forward; readers may see a step half made, which nobody can tell.
    private static long s_next = StepNs;
    private static long s_load1;
    private static long s_load5;
    private static long s_load15;

    public static long OneMinute => s_load1;

    public static long FiveMinutes => s_load5;

    public static long FifteenMinutes => s_load15;

    /// <summary>The machine begins to count.</summary>
    internal static void Start()
    {
        s_load1 = 0;
        s_load5 = 0;
        s_load15 = 0;
        Volatile.Write(ref s_next, Clock.Monotonic.Value + StepNs);
    }

    /// <summary>Catches up; called before the number of runnable threads changes, and before
    /// reading.</summary>
    public static void Update() => Update(Clock.Monotonic);

    internal static void Update(Nanoseconds now)
    {
        long next = Volatile.Read(ref s_next);
        if (now.Value >= next)
        {
            MakeUp(now.Value, next);
        }
    }

    private static void MakeUp(long now, long next)
    {
        long steps = (now - next) / StepNs + 1;
        if (Interlocked.CompareExchange(ref s_next, next + steps * StepNs, next) != next)
        {
            return;
        }

        long active = Scheduler.RunnableEstimate * One;
        for (long i = 0; i < steps && i < MaximumSteps; i++)
        {
            s_load1 = Step(s_load1, Decay1, active);
            s_load5 = Step(s_load5, Decay5, active);
            s_load15 = Step(s_load15, Decay15, active);
        }
    }

    private static long Step(long load, long decay, long active) =>
        (load * decay + active * (One - decay) + (active >= load ? One - 1 : 0)) >> FractionBits;
}
