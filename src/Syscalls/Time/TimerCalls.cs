using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Timers of a process, in any number.</summary>
internal static class TimerCalls
{
    /// <errors>EFAULT. EINVAL: no such clock, or a bad sigevent. EOPNOTSUPP: a clock that there are no timers
    /// for. EPERM: an alarm clock, without CAP_WAKE_ALARM. EAGAIN: RLIMIT_SIGPENDING, or no memory.</errors>
    /// <source>timer_create(2)</source>
    internal static SyscallResult Create(
        UserThread caller, int clockNumber, UserAddress eventAddress, UserAddress idAddress)
    {
        SigeventArgument wanted = default;
        if (!eventAddress.IsNull && !UserMemory.TryRead(eventAddress, out wanted)) return Errno.EFAULT;
        Errno error = FindClock(caller, clockNumber, out TimerClock clock);
        if (error != Errno.None) return error;
        TimerNotice notice = default;
        if (!eventAddress.IsNull && !TryMakeNotice(caller, wanted, out notice)) return Errno.EINVAL;

        PosixTimers timers = caller.Process.Timers.Posix;
        if (!timers.TryAdd(caller, clock, notice, out PosixTimer? timer, out error)) return error;
        if (UserMemory.TryWrite(idAddress, timer.Id)) return 0;
        _ = timers.TryDelete(timer.Id); // another thread that guessed the id may have done it
        return Errno.EFAULT;
    }

    /// <errors>EINVAL: no such timer, no setting, or a bad time. EFAULT.</errors>
    /// <source>timer_settime(2)</source>
    internal static SyscallResult Settime(
        UserThread caller, int id, int flags, UserAddress newAddress, UserAddress oldAddress)
    {
        if (newAddress.IsNull) return Errno.EINVAL;
        if (!UserMemory.TryRead(newAddress, out Itimerspec setting)) return Errno.EFAULT;
        if (!ClockTicks.TryConvert(setting.it_interval, out Nanoseconds interval)
            || !ClockTicks.TryConvert(setting.it_value, out Nanoseconds value)) return Errno.EINVAL;
        if (caller.Process.Timers.PosixOrNone?.Find(id) is not { } timer) return Errno.EINVAL;
        TimerSetting old = timer.Set(value, interval, (flags & TimerBits.TIMER_ABSTIME) != 0);
        return oldAddress.IsNull ? 0 : Store(oldAddress, old);
    }

    /// <errors>EINVAL: no such timer. EFAULT.</errors>
    /// <source>timer_gettime(2)</source>
    internal static SyscallResult Gettime(UserThread caller, int id, UserAddress address) =>
        caller.Process.Timers.PosixOrNone?.Find(id) is { } timer ? Store(address, timer.Get()) : Errno.EINVAL;

    /// <errors>EINVAL: no such timer.</errors>
    /// <source>timer_getoverrun(2)</source>
    internal static SyscallResult Getoverrun(UserThread caller, int id) =>
        caller.Process.Timers.PosixOrNone?.Find(id) is { } timer ? timer.Overruns : Errno.EINVAL;

    /// <errors>EINVAL: no such timer.</errors>
    /// <source>timer_delete(2)</source>
    internal static SyscallResult Delete(UserThread caller, int id) =>
        caller.Process.Timers.PosixOrNone?.TryDelete(id) == true ? 0 : Errno.EINVAL;

    private static Errno FindClock(UserThread caller, int number, out TimerClock clock)
    {
        clock = default;
        if (CpuClock.TryFind(caller, number, CpuClockUse.Waiting, out CpuClock processor))
        {
            clock = new TimerClock(processor);
            return Errno.None;
        }

        if (CpuClock.IsDescriptor(number)) return Errno.EOPNOTSUPP;
        if (!UserClock.TryRead(caller, number, out _)) return Errno.EINVAL;
        if (!UserClock.IsWaitable(number)) return Errno.EOPNOTSUPP;
        if (UserClock.IsAlarm(number) && !caller.Credentials.Has(Capability.CAP_WAKE_ALARM)) return Errno.EPERM;
        clock = new TimerClock(number, UserClock.IsRealtime(number));
        return Errno.None;
    }

    private static bool TryMakeNotice(UserThread caller, in SigeventArgument wanted, out TimerNotice notice)
    {
        notice = default;
        if (wanted.sigev_notify == SigEvent.SIGEV_NONE)
        {
            notice = new TimerNotice(TimerNoticeKind.None, wanted.sigev_signo, wanted.sigev_value, null);
            return true;
        }

        UserThread? thread = null;
        TimerNoticeKind kind = TimerNoticeKind.Process;
        switch (wanted.sigev_notify)
        {
            case SigEvent.SIGEV_SIGNAL:
                break;

            case SigEvent.SIGEV_THREAD:
                kind = TimerNoticeKind.NewThread;
                break;

            case SigEvent.SIGEV_THREAD_ID:
                kind = TimerNoticeKind.Thread;
                thread = ProcessTree.FindThread(wanted.sigev_notify_thread_id);
                if (thread is null || !ReferenceEquals(thread.Process, caller.Process)) return false;
                break;

            default:
                return false;
        }

        if (!SignalSet.IsValidSignal(wanted.sigev_signo)) return false;
        notice = new TimerNotice(kind, wanted.sigev_signo, wanted.sigev_value, thread);
        return true;
    }

    private static SyscallResult Store(UserAddress address, TimerSetting setting)
    {
        Itimerspec told = new()
        {
            it_interval = ClockTicks.ToTimespec(setting.Interval),
            it_value = ClockTicks.ToTimespec(setting.Remaining),
        };
        return UserMemory.TryWrite(address, told) ? 0 : Errno.EFAULT;
    }
}
