using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;
using Cashew.Tasks;

namespace Cashew.Syscalls;

/// <summary>Reading and setting clocks by number.</summary>
internal static class ClockCalls
{
    /// <errors>EINVAL: no such clock. EFAULT.</errors>
    /// <source>clock_gettime(2)</source>
    internal static SyscallResult Gettime(UserThread caller, int clock, UserAddress result)
    {
        if (!UserClock.TryRead(caller, clock, out Nanoseconds now)) return Errno.EINVAL;
        return UserMemory.TryWrite(result, ClockTicks.ToTimespec(now)) ? 0 : Errno.EFAULT;
    }

    /// <summary>All clocks count nanoseconds, the coarse ones as well; only the split between user and system
    /// time counts ticks.</summary>
    /// <errors>EINVAL: no such clock. EFAULT.</errors>
    /// <source>clock_getres(2): a null address is allowed.</source>
    internal static SyscallResult Getres(UserThread caller, int clock, UserAddress result)
    {
        long step = 1;
        bool isOfProcessor = CpuClock.TryFind(caller, clock, CpuClockUse.Reading, out CpuClock processor);
        if (isOfProcessor && !processor.IsExact) step = CpuClock.Resolution.Value;
        else if (!isOfProcessor && !UserClock.TryRead(caller, clock, out _)) return Errno.EINVAL;
        return result.IsNull || UserMemory.TryWrite(result, new Timespec { tv_nsec = step }) ? 0 : Errno.EFAULT;
    }

    /// <errors>
    /// EINVAL: no clock that can be set, a bad time, or one before the monotonic clock's. EFAULT. EPERM: no
    /// CAP_SYS_TIME.
    /// </errors>
    /// <source>clock_settime(2)</source>
    internal static SyscallResult Settime(UserThread caller, int clock, UserAddress address)
    {
        if (CpuClock.TryFind(caller, clock, CpuClockUse.Waiting, out _))
            return clock < 0 ? Errno.EPERM : Errno.EINVAL;
        if (!UserClock.IsSettable(clock)) return Errno.EINVAL;
        if (!UserMemory.TryRead(address, out Timespec time)) return Errno.EFAULT;
        return ClockTicks.TryConvert(time, out Nanoseconds wanted) ? SetRealtime(caller, wanted) : Errno.EINVAL;
    }

    /// <errors>EINVAL: before the monotonic clock's time, or beyond what it can count. EPERM: no
    /// CAP_SYS_TIME.</errors>
    internal static Errno SetRealtime(UserThread caller, Nanoseconds wanted)
    {
        // Half of what fits, so that deadlines can be added to it; that is the year 2116.
        const long LatestNs = long.MaxValue / 2;
        if (!caller.Credentials.Has(Capability.CAP_SYS_TIME)) return Errno.EPERM;
        if (wanted < Clock.Monotonic || wanted.Value > LatestNs) return Errno.EINVAL;
        Clock.SetRealtime(wanted);
        RealtimeWatches.ClockWasSet();
        return Errno.None;
    }
}
