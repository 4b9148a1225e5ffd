using Cashew.Machine.Simulated;

namespace Cashew.Machine;

/// <summary>The time: since boot, and of day.</summary>
public static class Clock
{
    public static Nanoseconds Monotonic => new(Simulation.Current.NowNs);

    public static Nanoseconds Realtime => Monotonic + RealtimeOffset;

    public static Nanoseconds RealtimeOffset => new(Simulation.Current.RealtimeOffsetNs);

    public static long TimeZone { get; set; }

    public static ulong CyclesPerSecond => 2_000_000_000;

    public static void SetRealtime(Nanoseconds now) =>
        Simulation.Current.RealtimeOffsetNs = (now - Monotonic).Value;
}
