using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Runtime;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>When a page cannot be had: ends the process whose end helps most, and lets the others go on.</summary>
/// <source>proc_pid_oom_score_adj(5): the score is the share of memory in thousandths, plus the adjustment.
/// </source>
public static class OutOfMemory
{
    private const int Never = -1000;
    private const long ScoreScale = 1000;
    private const long WorthCollectingBytes = 64 * 1024;

    private static readonly Nanoseconds s_patience = Nanoseconds.FromMilliseconds(10);

    /// <summary>True: worth another try. False: the thread's own process is to end, or nobody can.</summary>
    public static bool TryMakeRoom(UserThread thread)
    {
        if (thread.IsKillRequested) return false;
        if (Collector.AllocatedBytes > WorthCollectingBytes && MemoryPressure.TryCollect()) return true;
        Process? victim = ChooseVictim();
        if (victim is null) return false;
        if (!victim.SignalState.IsEnding)
            Log.Error($"out of memory: pid {victim.Id} is killed for {HeldPages(victim)} pages");
        SignalSender.Raise(victim, Signals.SIGKILL);
        if (ReferenceEquals(victim, thread.Process)) return false;

        // It gives its memory back as soon as it runs.
        _ = Sleep.For(Clock.Monotonic + s_patience, SleepMode.Killable);
        return !thread.IsKillRequested;
    }

    /// <summary>Gives the kernel's heap what it lacks. On the way to user mode, where nobody waits for
    /// anything of ours.</summary>
    public static void Replenish(UserThread thread)
    {
        if (Collector.TryRestock()) return;
        while (MemoryPressure.TryRelieve())
        {
            if (Collector.TryRestock()) return;
        }

        _ = MemoryPressure.TryCollect();

        // There is something left, and whoever wants a new object is refused until there is more. But with
        // still less no system call could be sure to find what it needs.
        if (!Collector.TryRestock() && Collector.IsNearlyOut) _ = TryMakeRoom(thread);
    }

    private static Process? ChooseVictim()
    {
        using (SpinLock.Guard guard = ProcessTree.Lock.Acquire())
        {
            Process? worst = null;
            long worstScore = 0;
            for (Pid? pid = PidTable.FindAtOrAfter(0); pid is not null; pid = PidTable.FindAtOrAfter(pid.Number + 1))
            {
                if (pid.Process is not { State: ProcessState.Live } process || process.IsInit) continue;
                // One is on its way out already: wait for that rather than end another.
                if (process.SignalState.IsEnding && process.Memory is not null) return process;
                long score = Score(process);
                if (score <= worstScore) continue;
                worst = process;
                worstScore = score;
            }

            return worst;
        }
    }

    /// <summary>The figure of /proc/PID/oom_score.</summary>
    public static long Score(Process process)
    {
        if (process.OomScoreAdjustment == Never) return 0;
        long pages = HeldPages(process);
        long score = pages * ScoreScale / long.Max(1, Frame.TotalCount) + process.OomScoreAdjustment;
        return long.Max(score, pages > 0 ? 1 : 0);
    }

    /// <summary>What its end would give back: page tables count, too, which can be all that a program
    /// has.</summary>
    private static long HeldPages(Process process) =>
        ResidentPages(process) + (process.Memory?.Table.TableFrameCount ?? 0);

    private static long ResidentPages(Process process)
    {
        if (process.Memory is not { } memory) return 0;
        return memory.Resident.Anonymous + memory.Resident.SharedMemory;
    }
}
