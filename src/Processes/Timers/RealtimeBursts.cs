using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>How long threads of a real-time policy have run without waiting for anything.</summary>
/// <source>getrlimit(2), RLIMIT_RTTIME.</source>
internal static class RealtimeBursts
{
    /// <summary>The longest of a process; less than zero when none of its threads has such a
    /// policy.</summary>
    /// <locking>Takes the signal lock.</locking>
    internal static Nanoseconds LongestOf(Process process)
    {
        Nanoseconds longest = new(-1);
        using (SpinLock.Guard guard = process.SignalState.Lock.Acquire())
        {
            for (UserThread? thread = process.FirstThread; thread is not null; thread = thread.NextThread)
            {
                if (Scheduler.RealtimePriorityOf(thread) == 0) continue;
                Nanoseconds burst = Scheduler.RealtimeBurstOf(thread);
                if (burst > longest) longest = burst;
            }
        }

        return longest;
    }
}
