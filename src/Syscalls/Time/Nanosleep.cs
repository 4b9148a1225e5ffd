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
    /// can sleep on. EFAULT. EINTR.
    /// </errors>
    /// <source>clock_nanosleep(2)</source>
    /// <deviation>
    /// An absolute sleep on the time of day keeps its length when the clock is set meanwhile. No sleep on
    /// processor time.
    /// </deviation>
    internal static SyscallResult InvokeOn(
        UserThread caller, int clock, int flags, UserAddress request, UserAddress remaining)
    {
        Errno error = CheckClock(caller, clock);
        if (error != Errno.None) return error;
        if (!UserMemory.TryRead(request, out Timespec time)) return Errno.EFAULT;
        if (!ClockTicks.TryConvert(time, out Nanoseconds wanted)) return Errno.EINVAL;
        if ((flags & TimerBits.TIMER_ABSTIME) == 0)
            return new SleepRestart(ClockTicks.After(wanted), remaining).Restart(caller);

        // The same call sleeps for what remains: it can simply be made again.
        Nanoseconds deadline = UserClock.IsRealtime(clock) ? UserClock.RealtimeToMonotonic(wanted) : wanted;
        return SleepUntil(deadline) ? 0 : Errno.ERESTARTNOHAND;
    }

    private static Errno CheckClock(UserThread caller, int clock)
    {
        switch (clock)
        {
            case ClockId.CLOCK_REALTIME:
            case ClockId.CLOCK_MONOTONIC:
            case ClockId.CLOCK_BOOTTIME:
            case ClockId.CLOCK_TAI:
                return Errno.None;

            case ClockId.CLOCK_THREAD_CPUTIME_ID:
                return Errno.EINVAL;

            default:
                return UserClock.TryRead(caller, clock, out _) ? Errno.EOPNOTSUPP : Errno.EINVAL;
        }
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
