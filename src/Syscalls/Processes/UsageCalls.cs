using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>What a process has used.</summary>
internal static class UsageCalls
{
    /// <errors>EINVAL: an unknown <paramref name="who"/>. EFAULT.</errors>
    /// <source>getrusage(2)</source>
    internal static SyscallResult Getrusage(UserThread caller, int who, UserAddress result)
    {
        ResourceUsage usage;
        switch (who)
        {
            case RusageWho.RUSAGE_SELF:
                usage = ProcessAccounting.OfProcess(caller.Process);
                break;
            case RusageWho.RUSAGE_CHILDREN:
                usage = ProcessAccounting.OfChildren(caller.Process);
                break;
            case RusageWho.RUSAGE_THREAD:
                usage = ResourceUsage.Of(caller);
                usage.NotePeak(caller.Process.Memory!.PeakResidentPages);
                break;
            default:
                return Errno.EINVAL;
        }

        return UserMemory.TryWrite(result, usage.ToRusage()) ? 0 : Errno.EFAULT;
    }

    /// <summary>In clock ticks; the result counts them from boot.</summary>
    /// <errors>EFAULT.</errors>
    /// <source>times(2): a null buffer is allowed.</source>
    internal static SyscallResult Times(UserThread caller, UserAddress result)
    {
        if (!result.IsNull)
        {
            ResourceUsage own = ProcessAccounting.OfProcess(caller.Process);
            ResourceUsage children = ProcessAccounting.OfChildren(caller.Process);
            Tms times = new()
            {
                tms_utime = ClockTicks.Of(own.UserTime),
                tms_stime = ClockTicks.Of(own.SystemTime),
                tms_cutime = ClockTicks.Of(children.UserTime),
                tms_cstime = ClockTicks.Of(children.SystemTime),
            };
            if (!UserMemory.TryWrite(result, times)) return Errno.EFAULT;
        }

        return ClockTicks.Of(Clock.Monotonic);
    }
}
