using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>The clocks that programs know by number.</summary>
/// <source>clock_gettime(2); clock_getcpuclockid(3) for those of other processes and threads.</source>
internal static class UserClock
{
    // The clock of a process or thread is a negative number: the complement of its id, and three bits.
    private const int KindMask = 3;
    private const int ThreadBit = 4;
    private const int IdShift = 3;

    // Kinds: user and system time, user time, and time on a processor, which is the sum, too, but exact.
    private const int UserKind = 1;
    private const int DescriptorKind = 3;

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

            case ClockId.CLOCK_PROCESS_CPUTIME_ID:
                now = ProcessAccounting.OfProcess(caller.Process).CpuTime;
                return true;

            case ClockId.CLOCK_THREAD_CPUTIME_ID:
                now = caller.CpuTime;
                return true;

            default:
                return TryReadOther(caller, id, out now);
        }
    }

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

    private static bool TryReadOther(UserThread caller, int id, out Nanoseconds now)
    {
        now = default;
        int kind = id & KindMask;
        if (id >= 0 || kind == DescriptorKind) return false;

        int target = ~(id >> IdShift);
        ResourceUsage usage;
        if ((id & ThreadBit) != 0)
        {
            UserThread? thread = target == 0 ? caller : ProcessTree.FindThread(target);
            if (thread is null || !ReferenceEquals(thread.Process, caller.Process)) return false;
            usage = ResourceUsage.Of(thread);
        }
        else
        {
            Process? process = target == 0 ? caller.Process : PidTable.Find(target)?.Process;
            if (process is null) return false;
            usage = ProcessAccounting.OfProcess(process);
        }

        now = kind == UserKind ? usage.UserTime : usage.CpuTime;
        return true;
    }
}
