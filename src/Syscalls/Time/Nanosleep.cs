using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;
using Cashew.Tasks;

namespace Cashew.Syscalls;

internal static class Nanosleep
{
    /// <errors>EFAULT. EINVAL: a bad time. EINTR: a handler has run; what remained is stored.</errors>
    /// <source>nanosleep(2)</source>
    internal static SyscallResult Invoke(UserThread caller, UserAddress request, UserAddress remaining) =>
        InvokeOn(caller, ClockId.CLOCK_MONOTONIC, 0, request, remaining);

    /// <errors>
    /// EINVAL: no such clock, the thread's own processor time, or a bad time. EOPNOTSUPP: a clock that nobody
    /// can sleep on. EPERM: an alarm clock, without CAP_WAKE_ALARM. EFAULT. EINTR.
    /// </errors>
    /// <source>clock_nanosleep(2)</source>
    internal static SyscallResult InvokeOn(
        UserThread caller, int clock, int flags, UserAddress request, UserAddress remaining)
    {
        Errno error = CheckClock(caller, clock, out bool isOfProcessor);
        if (error != Errno.None) return error;
        if (!UserMemory.TryRead(request, out Timespec time)) return Errno.EFAULT;
        if (!ClockTicks.TryConvert(time, out Nanoseconds wanted)) return Errno.EINVAL;
        bool isAbsolute = (flags & TimerBits.TIMER_ABSTIME) != 0;
        if (isOfProcessor) return ProcessorSleep.Invoke(caller, clock, wanted, isAbsolute, remaining);
        if (UserClock.IsAlarm(clock) && !caller.Credentials.Has(Capability.CAP_WAKE_ALARM)) return Errno.EPERM;
        if (!isAbsolute) return new SleepRestart(ClockTicks.After(wanted), remaining).Restart(caller);

        // The same call sleeps for what remains: it can simply be made again.
        bool isOver = UserClock.IsRealtime(clock) ? DaySleep.Until(caller, wanted) : SleepUntil(wanted);
        return isOver ? 0 : Errno.ERESTARTNOHAND;
    }

    private static Errno CheckClock(UserThread caller, int clock, out bool isOfProcessor)
    {
        isOfProcessor = false;
        if (UserClock.IsWaitable(clock)) return Errno.None;
        // There is no such function for this number, and one that refuses for the other that means the same.
        if (clock == ClockId.CLOCK_THREAD_CPUTIME_ID || CpuClock.IsDescriptor(clock)) return Errno.EOPNOTSUPP;
        if (!CpuClock.TryFind(caller, clock, CpuClockUse.Waiting, out CpuClock processor))
            return UserClock.TryRead(caller, clock, out _) ? Errno.EOPNOTSUPP : Errno.EINVAL;
        isOfProcessor = true;
        return processor.IsOf(caller) ? Errno.EINVAL : Errno.None;
    }

    /// <summary>False when a signal came first.</summary>
    private static bool SleepUntil(Nanoseconds deadline)
    {
        while (true)
        {
            WakeReason reason = Sleep.For(deadline, SleepMode.Interruptible);
            if (reason != WakeReason.Woken) return reason == WakeReason.TimedOut;
        }
    }

    /// <summary>A sleep of some length, which goes on to the same end after a stop.</summary>
    private sealed class SleepRestart(Nanoseconds deadline, UserAddress remaining) : RestartBlock
    {
        public override SyscallResult Restart(UserThread caller)
        {
            if (SleepUntil(deadline)) return 0;
            if (!remaining.IsNull)
            {
                Nanoseconds left = deadline - Clock.Monotonic;
                if (left < Nanoseconds.Zero) left = Nanoseconds.Zero;
                if (!UserMemory.TryWrite(remaining, ClockTicks.ToTimespec(left))) return Errno.EFAULT;
            }

            caller.SignalState.RestartBlock = this;
            return Errno.ERESTART_RESTARTBLOCK;
        }
    }
}
