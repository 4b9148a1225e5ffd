using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;
using Cashew.Tasks;

namespace Cashew.Syscalls;

/// <summary>Sleeping until a process, or another thread, has used so much processor time.</summary>
/// <source>clock_nanosleep(2).</source>
internal static class ProcessorSleep
{
    internal static SyscallResult Invoke(
        UserThread caller, int number, Nanoseconds wanted, bool isAbsolute, UserAddress remaining)
    {
        if (!CpuClock.TryFind(caller, number, CpuClockUse.Waiting, out CpuClock clock)) return Errno.EINVAL;
        if (isAbsolute) return Until(clock, wanted) ? 0 : Errno.ERESTARTNOHAND;
        _ = clock.TryRead(out Nanoseconds now); // whose time it is has just been found
        bool isEndless = wanted.Value > Nanoseconds.Max.Value - now.Value;
        return new SleepRestart(clock, isEndless ? Nanoseconds.Max : now + wanted, remaining).Restart(caller);
    }

    /// <summary>False when a signal came first. The time of one that has ended does not come.</summary>
    private static bool Until(CpuClock clock, Nanoseconds end)
    {
        while (true)
        {
            bool isAlive = clock.TryRead(out Nanoseconds now);
            if (now >= end) return true;
            Nanoseconds deadline = isAlive ? ClockTicks.After(clock.LeastDelay(end - now)) : Nanoseconds.Max;
            if (Sleep.For(deadline, SleepMode.Interruptible) == WakeReason.Interrupted) return false;
        }
    }

    /// <summary>A sleep of some length, which goes on to the same end after a stop.</summary>
    private sealed class SleepRestart(CpuClock clock, Nanoseconds end, UserAddress remaining) : RestartBlock
    {
        public override SyscallResult Restart(UserThread caller)
        {
            if (Until(clock, end)) return 0;
            if (!remaining.IsNull)
            {
                _ = clock.TryRead(out Nanoseconds now); // of one that has ended, what it had at last
                Nanoseconds left = now < end ? end - now : Nanoseconds.Zero;
                if (!UserMemory.TryWrite(remaining, ClockTicks.ToTimespec(left))) return Errno.EFAULT;
            }

            caller.SignalState.RestartBlock = this;
            return Errno.ERESTART_RESTARTBLOCK;
        }
    }
}
