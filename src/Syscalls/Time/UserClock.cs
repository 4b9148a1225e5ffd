using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>The clocks that programs know by number.</summary>
/// <source>clock_gettime(2); clock_getcpuclockid(3) for those of other processes and threads.</source>
internal static class UserClock
{
    /// <summary>False when there is no such clock or process, which is EINVAL.</summary>
    internal static bool TryRead(UserThread caller, int id, out Nanoseconds now)
    {
        switch (id)
        {
            case ClockId.CLOCK_REALTIME:
            case ClockId.CLOCK_REALTIME_COARSE:
            case ClockId.CLOCK_REALTIME_ALARM:
            case ClockId.CLOCK_TAI: // nobody has told the kernel about leap seconds
                now = Clock.Realtime;
                return true;

            case ClockId.CLOCK_MONOTONIC:
            case ClockId.CLOCK_MONOTONIC_RAW:
            case ClockId.CLOCK_MONOTONIC_COARSE:
            case ClockId.CLOCK_BOOTTIME: // the machine is never suspended
            case ClockId.CLOCK_BOOTTIME_ALARM:
                now = Clock.Monotonic;
                return true;

            default:
                now = default;
                return CpuClock.TryFind(caller, id, CpuClockUse.Reading, out CpuClock clock) && clock.TryRead(out now);
        }
    }

    /// <summary>Whether one can sleep on it, or set a timer by it.</summary>
    internal static bool IsWaitable(int id) =>
        IsRealtime(id) || id is ClockId.CLOCK_MONOTONIC or ClockId.CLOCK_BOOTTIME or ClockId.CLOCK_BOOTTIME_ALARM;

    /// <summary>Would wake a suspended machine.</summary>
    internal static bool IsAlarm(int id) => id is ClockId.CLOCK_REALTIME_ALARM or ClockId.CLOCK_BOOTTIME_ALARM;

    internal static bool IsSettable(int id) => id == ClockId.CLOCK_REALTIME;

    /// <summary>The time of day, or the same without leap seconds.</summary>
    internal static bool IsRealtime(int id) =>
        id is ClockId.CLOCK_REALTIME or ClockId.CLOCK_REALTIME_ALARM or ClockId.CLOCK_TAI;

    /// <summary>When a point of the time of day will be, as things stand now.</summary>
    internal static Nanoseconds RealtimeToMonotonic(Nanoseconds realtime)
    {
        if (realtime == Nanoseconds.Max) return realtime;
        Nanoseconds monotonic = realtime - Clock.RealtimeOffset;
        return monotonic < Nanoseconds.Zero ? Nanoseconds.Zero : monotonic;
    }
}
