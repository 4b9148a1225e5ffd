using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>The three interval timers, and the oldest way to set the first.</summary>
internal static class IntervalTimerCalls
{
    /// <errors>EINVAL: no such timer. EFAULT.</errors>
    /// <source>getitimer(2)</source>
    internal static SyscallResult Getitimer(UserThread caller, int which, UserAddress result)
    {
        if (!IsKnown(which)) return Errno.EINVAL;
        return UserMemory.TryWrite(result, Encode(caller.Process.Timers.Get(which))) ? 0 : Errno.EFAULT;
    }

    /// <errors>EFAULT. EINVAL: no such timer, or a bad time.</errors>
    /// <source>setitimer(2): as on Linux a null new value stops the timer.</source>
    internal static SyscallResult Setitimer(
        UserThread caller, int which, UserAddress newAddress, UserAddress oldAddress)
    {
        TimerSetting setting = default;
        if (!newAddress.IsNull)
        {
            if (!UserMemory.TryRead(newAddress, out Itimerval value)) return Errno.EFAULT;
            if (!TryDecode(value, out setting)) return Errno.EINVAL;
        }

        if (!IsKnown(which)) return Errno.EINVAL;
        TimerSetting old = caller.Process.Timers.Set(which, setting);
        return oldAddress.IsNull || UserMemory.TryWrite(oldAddress, Encode(old)) ? 0 : Errno.EFAULT;
    }

    /// <summary>The result is what remained of an earlier alarm, in seconds; never zero if there was
    /// one.</summary>
    /// <source>alarm(2)</source>
    internal static SyscallResult Alarm(UserThread caller, uint seconds)
    {
        TimerSetting setting = new(Nanoseconds.FromSeconds(seconds), Nanoseconds.Zero);
        long left = caller.Process.Timers.Set(TimerBits.ITIMER_REAL, setting).Remaining.Value;
        long rounded = (left + Nanoseconds.PerSecond / 2) / Nanoseconds.PerSecond;
        return left > 0 && rounded == 0 ? 1 : rounded;
    }

    private static bool IsKnown(int which) =>
        which is TimerBits.ITIMER_REAL or TimerBits.ITIMER_VIRTUAL or TimerBits.ITIMER_PROF;

    private static bool TryDecode(in Itimerval value, out TimerSetting setting)
    {
        bool isValid = ClockTicks.TryConvert(value.it_value, out Nanoseconds first);
        isValid &= ClockTicks.TryConvert(value.it_interval, out Nanoseconds interval);
        setting = new TimerSetting(first, interval);
        return isValid;
    }

    private static Itimerval Encode(TimerSetting setting) => new()
    {
        it_value = ClockTicks.ToTimeval(setting.Remaining),
        it_interval = ClockTicks.ToTimeval(setting.Interval),
    };
}
