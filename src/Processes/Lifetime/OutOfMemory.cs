using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Runtime;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>When a page cannot be had: ends the process whose end helps most, and lets the others go
/// on.</summary>
/// <source>proc_pid_oom_score_adj(5): the score is the share of memory in thousandths, plus the adjustment.
/// </source>
public static class OutOfMemory
{
    private const int Never = -1000;
    private const long ScoreScale = 1000;

    private static readonly Nanoseconds s_patience = Nanoseconds.FromMilliseconds(10);

    /// <summary>True: worth another try. False: the thread's own process is to end, or nobody can.</summary>
    public static bool TryMakeRoom(UserThread thread)
    {
        if (thread.IsKillRequested) return false;
        int account = thread.FrameAccount;
        if (account != 0 && FrameCharges.FindFull(account) is int full and not 0) return TryMakeRoomIn(thread, full);
        Process? victim = ChooseVictim(null);
        bool isEnding = victim is not null && victim.SignalState.IsEnding;
        if (!isEnding && MemoryPressure.TryCollect()) return true;
        return victim is not null && TryEnd(victim, thread);
    }

    /// <summary>Gives the kernel's heap what it lacks. On the way to user mode, where nobody waits for
    /// anything of ours.</summary>
    public static void Replenish(UserThread thread)
    {
        if (IsSupplied()) return;
        while (MemoryPressure.TryRelieve())
        {
            if (IsSupplied()) return;
        }

        _ = MemoryPressure.TryCollect();

        // When there is still something left, whoever wants a new object is refused until there is more. But
        // with too little no system call could be sure to find what it needs.
        if (IsSupplied() || !(Collector.IsNearlyOut || KernelObjects.IsHeapFull)) return;
        if (!thread.IsKillRequested && ChooseVictim(null) is Process victim) _ = TryEnd(victim, thread);
    }

    private static bool IsSupplied() => Collector.TryRestock() && !KernelObjects.IsHeapFull;

    private static bool TryEnd(Process victim, UserThread thread)
    {
        if (!victim.SignalState.IsEnding)
            Log.Error($"out of memory: pid {victim.Id} is killed for {HeldPages(victim)} pages");
        EndWithSharers(victim);
        if (ReferenceEquals(victim, thread.Process)) return false;

        // It gives its memory back as soon as it runs.
        _ = Sleep.For(Clock.Monotonic + s_patience, SleepMode.Killable);
        return !thread.IsKillRequested;
    }

    /// <summary>Memory is given back when the last process that uses it ends: all of them do, but init and
    /// those that are never to be killed.</summary>
    /// <source>clone(2), CLONE_VM; proc_pid_oom_score_adj(5).</source>
    private static void EndWithSharers(Process victim)
    {
        AddressSpace? memory = victim.Memory;
        SignalSender.Raise(victim, Signals.SIGKILL);
        for (int number = 1; memory is not null; number++)
        {
            Process? sharer;
            using (SpinLock.Guard guard = ProcessTree.Lock.Acquire())
            {
                if (PidTable.FindAtOrAfter(number) is not { } pid) return;
                number = pid.Number;
                sharer = pid.Process;
            }

            bool isOne = sharer is { State: ProcessState.Live, IsInit: false }
                && ReferenceEquals(sharer.Memory, memory) && sharer.OomScoreAdjustment != Never;
            if (isOne && !ReferenceEquals(sharer, victim)) SignalSender.Raise(sharer!, Signals.SIGKILL);
        }
    }

    /// <summary>The same for a control group that has reached its limit: only its own processes
    /// end.</summary>
    private static bool TryMakeRoomIn(UserThread thread, int account)
    {
        Cgroup? group = Cgroups.FindByAccount(thread.Process.Cgroup, account);
        if (group is null) return true;
        group.Memory.OutOfMemoryCount++;
        Cgroups.NoteMemoryEvent(group);
        Process? victim = ChooseVictim(group);
        return victim is not null && TryEndIn(group, victim, thread);
    }

    private static bool TryEndIn(Cgroup group, Process victim, UserThread thread)
    {
        bool isEnding = victim.SignalState.IsEnding;
        Cgroup counted = victim.Cgroup;
        bool isLast = TryEnd(victim, thread);
        if (isEnding) return isLast;
        for (Cgroup? at = counted; at is not null; at = at.Parent) at.Memory.KillCount++;
        Cgroups.NoteMemoryEvent(counted);
        if (!group.Memory.EndsAsGroup) return isLast;
        using SpinLock.Guard guard = ProcessTree.Lock.Acquire();
        group.Memory.KillCount += Cgroups.KillLocked(group);
        group.Memory.GroupKillCount++;
        return isLast && !thread.IsKillRequested;
    }

    /// <summary>A limit has been set: while more is in use, and there is somebody to end, one after the other
    /// does.</summary>
    internal static void Enforce(Cgroup group)
    {
        UserThread thread = UserThread.Current;
        while (group.Account != 0 && FrameCharges.IsOver(group.Account) && !thread.IsKillRequested)
        {
            if (ChooseVictim(group) is not Process victim || !TryEndIn(group, victim, thread)) return;
        }
    }

    /// <param name="group">Only of this one and those in it; null for all.</param>
    private static Process? ChooseVictim(Cgroup? group)
    {
        using (SpinLock.Guard guard = ProcessTree.Lock.Acquire())
        {
            Process? worst = null;
            long worstScore = 0;
            for (Pid? pid = PidTable.FindAtOrAfter(0); pid is not null; pid = PidTable.FindAtOrAfter(pid.Number + 1))
            {
                if (pid.Process is not { State: ProcessState.Live } process || process.IsInit) continue;
                if (group is not null && !process.Cgroup.IsBelow(group)) continue;
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

    /// <summary>What its end would give back: page tables and mappings count, too, which can be all that a
    /// program has.</summary>
    private static long HeldPages(Process process)
    {
        long pages = ResidentPages(process);
        if (process.Memory is { } memory)
            pages += memory.Table.TableFrameCount + memory.MappingCount * AddressSpace.BytesPerMapping / Frame.SizeBytes;
        return pages;
    }

    private static long ResidentPages(Process process)
    {
        if (process.Memory is not { } memory) return 0;
        return memory.Resident.Anonymous + memory.Resident.SharedMemory;
    }
}
