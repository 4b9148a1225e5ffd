using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>The hierarchy of control groups, and who is in which.</summary>
/// <locking><see cref="ProcessTree.Lock"/>, for all.</locking>
public static class Cgroups
{
    /// <summary>Each takes some kilobytes of the kernel's.</summary>
    internal const int MostGroups = 1000;

    private static long s_lastSequence;

    /// <summary>Where the first process is, and everybody until somebody is moved.</summary>
    internal static Cgroup Root { get; } = new(null, []);

    /// <summary>Nobody has to know of it before.</summary>
    internal static bool HasBeenMounted { get; set; }

    // ---- membership
    // -------------------------------------------------------------------------------------------

    /// <summary>Whether one more thread may be; counted as an event when not.</summary>
    internal static bool MayAddThreadLocked(Cgroup group)
    {
        for (Cgroup at = group; !at.IsRoot; at = at.Parent!)
        {
            if (at.PidCount < at.PidLimit) continue;
            NotePidRefusal(group);
            return false;
        }

        return true;
    }

    internal static void AddThreadLocked(Cgroup group) => AddPidsLocked(group, 1);
    internal static void RemoveThreadLocked(Cgroup group) => AddPidsLocked(group, -1);

    /// <summary>A new process begins in the group of the one that has made it.</summary>
    internal static void EnterLocked(Process process) => AddProcessLocked(process.Cgroup, 1);

    /// <summary>A process has ended; its zombie is none that counts, but keeps its number.</summary>
    internal static void LeaveLocked(Process process)
    {
        SettleUsageLocked(process);
        AddProcessLocked(process.Cgroup, -1);
    }

    /// <summary>Moves a living process, whatever the limits there say.</summary>
    internal static void MoveLocked(Process process, Cgroup target)
    {
        Cgroup old = process.Cgroup;
        if (ReferenceEquals(old, target)) return;
        SettleUsageLocked(process);
        AddPidsLocked(target, process.ThreadCount);
        AddPidsLocked(old, -process.ThreadCount);
        process.Cgroup = target;
        AddProcessLocked(target, 1);
        AddProcessLocked(old, -1);
        CgroupFreezer.MovedLocked(process, old, target);
        SetAccountsLocked(process);
    }

    internal static void SetAccountsLocked(Process process)
    {
        int account = process.Cgroup.EffectiveAccount;
        for (UserThread? thread = process.FirstThread; thread is not null; thread = thread.NextThread)
            thread.FrameAccount = account;
    }

    /// <summary>What it has used so far stays with the group it was in.</summary>
    private static void SettleUsageLocked(Process process)
    {
        ResourceUsage now = ProcessAccounting.OfProcess(process);
        ResourceUsage used = now.Since(process.CgroupUsageStart);
        for (Cgroup? at = process.Cgroup; at is not null; at = at.Parent) at.PastUsage.Add(used);
        process.CgroupUsageStart = now;
    }

    private static void AddPidsLocked(Cgroup group, int count)
    {
        for (Cgroup at = group; !at.IsRoot; at = at.Parent!)
        {
            at.PidCount += count;
            if (at.PidCount > at.PidPeak) at.PidPeak = at.PidCount;
        }
    }

    private static void AddProcessLocked(Cgroup group, int count)
    {
        group.OwnProcessCount += count;
        for (Cgroup? at = group; at is not null; at = at.Parent)
        {
            bool wasPopulated = at.ProcessCount > 0;
            at.ProcessCount += count;
            if (wasPopulated != at.ProcessCount > 0 && !at.IsRoot) NoteEventLocked(at);
        }
    }

    internal static void NoteEventLocked(Cgroup group)
    {
        group.EventsVersion++;
        group.Events.Wake(PollBits.POLLPRI | PollBits.POLLERR);
        CgroupNotices.AddLocked(group, isOfMemory: false);
    }

    /// <summary>Something has been counted in memory.events of a group; it counts in those above,
    /// too.</summary>
    internal static void NoteMemoryEvent(Cgroup group)
    {
        using SpinLock.Guard guard = ProcessTree.Lock.Acquire();
        for (Cgroup at = group; !at.IsRoot; at = at.Parent!)
        {
            at.MemoryEventsVersion++;
            at.MemoryEvents.Wake(PollBits.POLLPRI | PollBits.POLLERR);
            CgroupNotices.AddLocked(at, isOfMemory: true);
        }
    }

    private static void NotePidRefusal(Cgroup group)
    {
        Cgroup at = group;
        while ((at.Controllers & CgroupControllers.Pids) == 0) at = at.Parent!;
        at.PidRefusals++;
    }

    // ---- the tree
    // ---------------------------------------------------------------------------------------------

    /// <errors>EAGAIN: as many, or as deep, as may be. ENODEV: the parent has been removed. ENOSPC: no
    /// account for its memory.</errors>
    internal static Errno AddLocked(Cgroup group)
    {
        Cgroup parent = group.Parent!;
        if (parent.IsRemoved) return Errno.ENODEV;
        if (Root.DescendantCount >= MostGroups) return Errno.EAGAIN;
        for (Cgroup? at = parent; at is not null; at = at.Parent)
        {
            if (at.DescendantCount >= at.MaxDescendants || group.Depth - at.Depth > at.MaxDepth) return Errno.EAGAIN;
        }

        if ((parent.Subtree & CgroupControllers.Memory) != 0 && !TryOpenAccount(group)) return Errno.ENOSPC;
        for (Cgroup? at = parent; at is not null; at = at.Parent) at.DescendantCount++;
        group.Sequence = ++s_lastSequence;
        group.PreviousSibling = parent.LastChild;
        if (parent.LastChild is null) parent.FirstChild = group;
        else parent.LastChild.NextSibling = group;
        parent.LastChild = group;
        CgroupFreezer.GroupAddedLocked(group);
        return Errno.None;
    }

    /// <errors>EBUSY: there are processes, or groups, in it.</errors>
    internal static Errno RemoveLocked(Cgroup group)
    {
        if (group.FirstChild is not null || group.ProcessCount > 0) return Errno.EBUSY;
        Cgroup parent = group.Parent!;
        group.IsRemoved = true;
        CloseAccount(group);
        for (Cgroup? at = parent; at is not null; at = at.Parent) at.DescendantCount--;
        if (group.PreviousSibling is null) parent.FirstChild = group.NextSibling;
        else group.PreviousSibling.NextSibling = group.NextSibling;
        if (group.NextSibling is null) parent.LastChild = group.PreviousSibling;
        else group.NextSibling.PreviousSibling = group.PreviousSibling;
        CgroupFreezer.GroupRemovedLocked(group);
        return Errno.None;
    }

    // ---- controllers
    // ------------------------------------------------------------------------------------------

    /// <summary>Gives the groups in one controllers, and takes others away.</summary>
    /// <errors>ENOENT: the group itself has not got one. EBUSY: a group in it passes one on that is to go;
    /// there are processes in it, which then would compete with groups. ENOSPC: no account for
    /// memory.</errors>
    /// <deviation>Linux lets a group with processes have the pids controller below it, which makes it
    /// threaded. There are no threaded groups here.</deviation>
    internal static Errno SetSubtreeLocked(Cgroup group, CgroupControllers added, CgroupControllers removed)
    {
        if ((added & ~group.Controllers) != 0) return Errno.ENOENT;
        for (Cgroup? child = group.FirstChild; child is not null; child = child.NextSibling)
        {
            if ((child.Subtree & removed) != 0) return Errno.EBUSY;
        }

        CgroupControllers next = (group.Subtree | added) & ~removed;
        if (next == group.Subtree) return Errno.None;
        if (!group.IsRoot && (next & ~group.Subtree) != 0 && group.OwnProcessCount > 0) return Errno.EBUSY;

        Errno error = Errno.None;
        bool hasMemory = (next & CgroupControllers.Memory) != 0;
        for (Cgroup? child = group.FirstChild; child is not null; child = child.NextSibling)
        {
            if (!hasMemory) CloseAccount(child);
            else if (child.Account == 0 && !TryOpenAccount(child)) error = Errno.ENOSPC;
            if ((next & CgroupControllers.Pids) == 0) child.PidLimit = Cgroup.NoLimit;
        }

        if (error == Errno.None) group.Subtree = next;
        SetAllAccountsLocked(group);
        return error;
    }

    private static bool TryOpenAccount(Cgroup group)
    {
        if (!FrameCharges.TryOpen(group.Parent!.EffectiveAccount, out int account)) return false;
        group.Account = account;
        return true;
    }

    private static void CloseAccount(Cgroup group)
    {
        if (group.Account == 0) return;
        FrameCharges.Close(group.Account);
        group.Account = 0;
        group.Memory.Max = Cgroup.NoLimit;
    }

    private static void SetAllAccountsLocked(Cgroup top)
    {
        for (Pid? pid = PidTable.FindAtOrAfter(0); pid is not null; pid = PidTable.FindAtOrAfter(pid.Number + 1))
        {
            if (pid.Process is { } process && process.Cgroup.IsBelow(top)) SetAccountsLocked(process);
        }
    }

    /// <summary>The group whose account it is; null when it has been removed meanwhile.</summary>
    internal static Cgroup? FindByAccount(Cgroup from, int account)
    {
        Cgroup? at = from;
        while (at is not null && at.Account != account) at = at.Parent;
        return at;
    }

    /// <summary>Ends all processes in the group and below.</summary>
    internal static int KillLocked(Cgroup top)
    {
        int count = 0;
        for (Pid? pid = PidTable.FindAtOrAfter(0); pid is not null; pid = PidTable.FindAtOrAfter(pid.Number + 1))
        {
            if (pid.Process is not { State: ProcessState.Live } process || !process.Cgroup.IsBelow(top)) continue;
            SignalSender.Raise(process, Signals.SIGKILL);
            count++;
        }

        return count;
    }
}
