using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>The end of a traced thread. The tracer hears of each thread's, and of the process's before the
/// parent does. </summary>
/// <source>ptrace(2), "Death under ptrace".</source>
internal static class TraceEnd
{
    /// <summary>A thread leaves its process. One that is not the leader waits for its tracer to hear of it,
    /// and the process ends only after that.</summary>
    /// <locking>The tree lock is held, the signal lock is not.</locking>
    internal static void ThreadLeftLocked(UserThread thread, WaitStatus status)
    {
        if (thread.Tracee is not { } tracee || tracee.IsLeader) return;
        tracee.EndUsage = ResourceUsage.Of(thread);
        tracee.EndStatus = status;
        tracee.HasEnded = true;
        thread.Process.EndedTraceeCount++;
        TraceNotice.TellEndLocked(tracee, status, tracee.EndUsage);
    }

    /// <summary>The tracer has heard of it.</summary>
    internal static void ReleaseThreadLocked(Tracee tracee)
    {
        Process process = tracee.Thread.Process;
        TraceLink.UnlinkLocked(tracee);
        if (tracee.Account is { } account) UserAccounts.Release(account);
        if (--process.EndedTraceeCount == 0 && process.State == ProcessState.Zombie)
            ProcessEnd.AnnounceLocked(process);
    }

    /// <summary>Whether a zombie is for its tracer to hear of, or to wait for, before its parent is
    /// told.</summary>
    internal static bool IsHeldBackLocked(Process process)
    {
        if (process.EndedTraceeCount > 0) return true;
        return process.Pid.Tracee?.Tracer is { } tracer && !ReferenceEquals(tracer.Process, process.Parent);
    }

    /// <summary>Tells the tracer of the end of a process that has no threads any more; it has heard of
    /// theirs.</summary>
    internal static void TellTracerLocked(Process process)
    {
        if (process.EndedTraceeCount > 0) return;
        ResourceUsage usage = ProcessAccounting.OfProcess(process);
        TraceNotice.TellEndLocked(process.Pid.Tracee!, process.ExitStatus, usage);
    }

    /// <summary>An exec has made a thread the only one: it takes the leader's number, and tracing goes with
    /// it. Whoever traced the old leader alone hears no more of it.</summary>
    /// <source>ptrace(2), "execve(2) under ptrace".</source>
    internal static void TakeLeaderPlaceLocked(UserThread survivor, Pid own, Pid leader)
    {
        if (leader.Tracee is { } former) TraceLink.UnlinkLocked(former);
        if (survivor.Tracee is not { } tracee) return;
        own.Tracee = null;
        leader.Tracee = tracee;
        tracee.Pid = leader;
    }
}
