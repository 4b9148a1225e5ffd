using System;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>
/// Who is whose child, and the one lock for all such questions: parents and children, groups and sessions,
/// what a pid names, and whether a process has ended.
/// </summary>
/// <locking>
/// Rank before the signal locks: holders send signals and read stop states. Nothing under it allocates or
/// sleeps, and the loops under it run over one process's children, one group, or, for kill(-1), all
/// processes.
/// </locking>
public static class ProcessTree
{
    public static SpinLock Lock { get; } = new(LockRank.ProcessTree);

    internal static void AddChildLocked(Process parent, Process child)
    {
        child.ParentLink = parent;
        child.PreviousSibling = null;
        child.NextSibling = parent.FirstChild;
        if (parent.FirstChild is not null) parent.FirstChild.PreviousSibling = child;
        parent.FirstChild = child;
    }

    internal static void RemoveChildLocked(Process child)
    {
        Process? parent = child.ParentLink;
        if (parent is null) return;
        if (child.PreviousSibling is null) parent.FirstChild = child.NextSibling;
        else child.PreviousSibling.NextSibling = child.NextSibling;
        if (child.NextSibling is not null) child.NextSibling.PreviousSibling = child.PreviousSibling;
        child.PreviousSibling = null;
        child.NextSibling = null;
    }

    /// <summary>Adds a thread to its process, and makes its pid name it.</summary>
    /// <locking>The tree lock and the process's signal lock are held.</locking>
    internal static void AddThreadLocked(Process process, UserThread thread)
    {
        thread.PreviousThread = null;
        thread.NextThread = process.FirstThread;
        if (process.FirstThread is not null) process.FirstThread.PreviousThread = thread;
        process.FirstThread = thread;
        process.ThreadCount++;
        process.LiveThreadCount++;
        thread.Pid.Thread = thread;
        thread.FrameAccount = process.Cgroup.EffectiveAccount;
        Cgroups.AddThreadLocked(process.Cgroup);
        CgroupFreezer.ThreadAddedLocked(process.Cgroup, thread);
    }

    /// <inheritdoc cref="AddThreadLocked"/>
    internal static void RemoveThreadLocked(Process process, UserThread thread)
    {
        CgroupFreezer.ThreadEndedLocked(process.Cgroup, thread);
        if (thread.PreviousThread is null) process.FirstThread = thread.NextThread;
        else thread.PreviousThread.NextThread = thread.NextThread;
        if (thread.NextThread is not null) thread.NextThread.PreviousThread = thread.PreviousThread;
        process.ThreadCount--;

        // The last one counts until the zombie is waited for.
        if (process.ThreadCount > 0) Cgroups.RemoveThreadLocked(process.Cgroup);
        thread.Pid.Thread = null;
        PidTable.ReleaseIfUnusedLocked(thread.Pid);
    }

    /// <summary>The next children that a thread has made, by id from <paramref name="from"/> on, in ascending
    /// order; what other threads' ends have left over counts as the leader's.</summary>
    internal static int ListChildren(Process parent, UserThread? creator, int from, Span<int> ids)
    {
        int count = 0;
        using SpinLock.Guard guard = Lock.Acquire();
        for (Process? child = parent.FirstChild; child is not null; child = child.NextSibling)
        {
            bool isLeaders = child.Creator is null || !ReferenceEquals(child.Creator.Process, parent);
            bool isMeant = isLeaders ? creator?.Id == parent.Id : ReferenceEquals(child.Creator, creator);
            if (isMeant && child.Id >= from) Insert(ids, ref count, child.Id);
        }

        return count;
    }

    // The smallest stay when there are more than there is room for.
    private static void Insert(Span<int> ids, ref int count, int id)
    {
        int at = count;
        while (at > 0 && ids[at - 1] > id) at--;
        if (at == ids.Length) return;
        if (count < ids.Length) count++;
        for (int i = count - 1; i > at; i--) ids[i] = ids[i - 1];
        ids[at] = id;
    }

    /// <summary>The process that a pid names, or the one whose thread it names.</summary>
    public static Process? Find(int pid)
    {
        Pid? entry = PidTable.Find(pid);
        return entry?.Process ?? entry?.Thread?.Process;
    }

    public static UserThread? FindThread(int tid) => PidTable.Find(tid)?.Thread;
}
