using System;
using System.Threading;

namespace Cashew.Machine;

/// <summary>The time: since boot, and of day.</summary>
public static unsafe class Clock
{
    private const int FractionBits = 32;

    private static ulong s_start;
    private static ulong s_multiplier; // nanoseconds per count, as a 32.32 fixed-point number
    private static Frame s_pageFrame;
    private static ClockPage* s_page;

    /// <summary>Time since boot; never goes back.</summary>
    public static Nanoseconds Monotonic => new(Instructions.ReadClock(s_start, s_multiplier));

    /// <summary>Time of day, since 1970.</summary>
    public static Nanoseconds Realtime => Monotonic + RealtimeOffset;

    /// <summary>What to add to <see cref="Monotonic"/> for the time of day.</summary>
    // SAFETY: here and below, the page is allocated at boot and never freed.
    public static Nanoseconds RealtimeOffset => new(Volatile.Read(ref s_page->RealtimeOffset));

    /// <summary>The argument of settimeofday(2), kept for gettimeofday(2): minutes west, and above them the
    /// kind of daylight saving. Nothing goes by it.</summary>
    public static long TimeZone
    {
        get => Volatile.Read(ref s_page->TimeZone);
        set => Volatile.Write(ref s_page->TimeZone, value);
    }

    /// <summary>Counts of the time-stamp counter per second.</summary>
    public static ulong CyclesPerSecond { get; private set; }

    public static void SetRealtime(Nanoseconds now) =>
        Volatile.Write(ref s_page->RealtimeOffset, (now - Monotonic).Value);

    internal static ulong StartCount => s_start;

    /// <summary>What the vDSO reads.</summary>
    internal static Frame Page => s_pageFrame;

    internal static bool TryInitialize()
    {
        s_start = Instructions.ReadTsc();
        CyclesPerSecond = Tsc.MeasureFrequency();
        if (CyclesPerSecond == 0 || !Frame.TryAllocateZeroed(out s_pageFrame))
        {
            return false;
        }

        s_multiplier = ((ulong)Nanoseconds.PerSecond << FractionBits) / CyclesPerSecond;
        s_page = (ClockPage*)(DirectMap.Base + s_pageFrame.Physical);
        s_page->Start = s_start;
        s_page->Multiplier = s_multiplier;
        if (Pvclock.TryReadWallClock(out Nanoseconds now) || RealTimeClock.TryRead(out now))
        {
            SetRealtime(now);
        }

        return true;
    }

    /// <summary>How many counts a span of time takes; "never" for one beyond 2^64 counts.</summary>
    internal static ulong ToCycles(Nanoseconds span)
    {
        // Seconds and the rest apart, so that nothing overflows before the end.
        ulong seconds = (ulong)span.Value / (ulong)Nanoseconds.PerSecond;
        ulong rest = (ulong)span.Value % (ulong)Nanoseconds.PerSecond;
        ulong high = Math.BigMul(seconds, CyclesPerSecond, out ulong cycles);
        return high != 0 ? ulong.MaxValue : cycles + rest * CyclesPerSecond / (ulong)Nanoseconds.PerSecond;
    }
}
