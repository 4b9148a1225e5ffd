using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Timers that are read.</summary>
internal static class Timerfd
{
    private const uint KnownFlags = TimerfdBits.TFD_CLOEXEC | TimerfdBits.TFD_NONBLOCK;
    private const int KnownSetFlags = TimerfdBits.TFD_TIMER_ABSTIME | TimerfdBits.TFD_TIMER_CANCEL_ON_SET;

    /// <errors>EINVAL: a clock that there are no timers for, or an unknown flag. EPERM: an alarm clock
    /// without
    /// CAP_WAKE_ALARM. EMFILE.</errors>
    /// <source>timerfd_create(2)</source>
    internal static SyscallResult Create(UserThread caller, int clock, uint flags)
    {
        bool isKnown = clock is ClockId.CLOCK_REALTIME or ClockId.CLOCK_MONOTONIC or ClockId.CLOCK_BOOTTIME
            or ClockId.CLOCK_REALTIME_ALARM or ClockId.CLOCK_BOOTTIME_ALARM;
        if ((flags & ~KnownFlags) != 0 || !isKnown) return Errno.EINVAL;
        bool wakes = clock is ClockId.CLOCK_REALTIME_ALARM or ClockId.CLOCK_BOOTTIME_ALARM;
        if (wakes && !caller.Credentials.Has(Capability.CAP_WAKE_ALARM)) return Errno.EPERM;
        return NewFile.Install(caller, new TimerFile(clock, UserClock.IsRealtime(clock), flags), flags);
    }

    /// <errors>EFAULT. EINVAL: an unknown flag, a bad time, no timer. EBADF.</errors>
    /// <source>timerfd_create(2)</source>
    internal static SyscallResult Set(
        UserThread caller, int fd, int flags, UserAddress newAddress, UserAddress oldAddress)
    {
        if (!UserMemory.TryRead(newAddress, out Itimerspec setting)) return Errno.EFAULT;
        if ((flags & ~KnownSetFlags) != 0) return Errno.EINVAL;
        if (!ClockTicks.TryConvert(setting.it_value, out Nanoseconds value)
            || !ClockTicks.TryConvert(setting.it_interval, out Nanoseconds interval)) return Errno.EINVAL;
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (use.File is not TimerFile timer) return Errno.EINVAL;
            timer.Set(
                value, interval, flags, out Nanoseconds oldRemaining, out Nanoseconds oldInterval);
            return oldAddress.IsNull ? 0 : Store(oldAddress, oldRemaining, oldInterval);
        }
    }

    /// <errors>EBADF. EINVAL: no timer. EFAULT.</errors>
    /// <source>timerfd_create(2)</source>
    internal static SyscallResult Get(UserThread caller, int fd, UserAddress address)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (use.File is not TimerFile timer) return Errno.EINVAL;
            timer.Get(out Nanoseconds remaining, out Nanoseconds interval);
            return Store(address, remaining, interval);
        }
    }

    private static SyscallResult Store(UserAddress address, Nanoseconds remaining, Nanoseconds interval)
    {
        Itimerspec setting = new()
        {
            it_interval = ClockTicks.ToTimespec(interval),
            it_value = ClockTicks.ToTimespec(remaining),
        };
        return UserMemory.TryWrite(address, setting) ? 0 : Errno.EFAULT;
    }
}
