using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>
/// Who is whose child, and the one lock for all such questions: parents and children, groups and sessions, what
/// a pid names, and whether a process has ended.
/// </summary>
/// <locking>
/// Rank before the signal locks: holders send signals and read stop states. Nothing under it allocates or sleeps,
/// and the loops under it run over one process's children, one group, or, for kill(-1), all processes.
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
    }

    /// <inheritdoc cref="AddThreadLocked"/>
    internal static void RemoveThreadLocked(Process process, UserThread thread)
    {
        if (thread.PreviousThread is null) process.FirstThread = thread.NextThread;
        else thread.PreviousThread.NextThread = thread.NextThread;
        if (thread.NextThread is not null) thread.NextThread.PreviousThread = thread.PreviousThread;
        process.ThreadCount--;
        thread.Pid.Thread = null;
        PidTable.ReleaseIfUnusedLocked(thread.Pid);
    }

    /// <summary>The process that a pid names, or the one whose thread it names.</summary>
    public static Process? Find(int pid)
    {
        Pid? entry = PidTable.Find(pid);
        return entry?.Process ?? entry?.Thread?.Process;
    }

    public static UserThread? FindThread(int tid) => PidTable.Find(tid)?.Thread;
}
