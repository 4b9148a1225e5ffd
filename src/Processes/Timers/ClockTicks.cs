using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>Conversions between the kernel's time and the units that programs see.</summary>
public static class ClockTicks
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long NanosecondsPerMicrosecond = 1000;
    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>More seconds than fit a <see cref="Nanoseconds"/> mean forever.</summary>
    private const long MaxSeconds = long.MaxValue / NanosecondsPerSecond - 1;

    /// <summary>USER_HZ ticks of 10 ms.</summary>
    /// <source>times(2), proc_pid_stat(5).</source>
    public static long Of(Nanoseconds time) => time.Value / (NanosecondsPerSecond / Limits.CLK_TCK);

    public static Timeval ToTimeval(Nanoseconds time) => new()
    {
        tv_sec = time.Value / NanosecondsPerSecond,
        tv_usec = time.Value % NanosecondsPerSecond / NanosecondsPerMicrosecond,
    };

    public static Timespec ToTimespec(Nanoseconds time) => new()
    {
        tv_sec = time.Value / NanosecondsPerSecond,
        tv_nsec = time.Value % NanosecondsPerSecond,
    };

    /// <summary>False when the fields are out of range, which is EINVAL everywhere.</summary>
    public static bool TryConvert(in Timespec time, out Nanoseconds result)
    {
        result = default;
        if (time.tv_sec < 0 || (ulong)time.tv_nsec >= NanosecondsPerSecond) return false;
        result = time.tv_sec > MaxSeconds
            ? Nanoseconds.Max
            : new Nanoseconds(time.tv_sec * NanosecondsPerSecond + time.tv_nsec);
        return true;
    }

    /// <inheritdoc cref="TryConvert(in Timespec, out Nanoseconds)"/>
    public static bool TryConvert(in Timeval time, out Nanoseconds result)
    {
        result = default;
        if (time.tv_sec < 0 || (ulong)time.tv_usec >= MicrosecondsPerSecond) return false;
        Timespec fine = new() { tv_sec = time.tv_sec, tv_nsec = time.tv_usec * NanosecondsPerMicrosecond };
        return TryConvert(fine, out result);
    }

    /// <summary>A point of time <paramref name="delay"/> from now on the monotonic clock, or never.</summary>
    public static Nanoseconds After(Nanoseconds delay)
    {
        Nanoseconds now = Clock.Monotonic;
        return delay.Value > Nanoseconds.Max.Value - now.Value ? Nanoseconds.Max : now + delay;
    }
}
