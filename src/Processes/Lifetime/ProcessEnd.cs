using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>What happens when the last thread of a process has gone: its children get another parent, its own
/// parent is told, and what is left waits as a zombie until somebody asks for its status.</summary>
/// <source>_exit(2), wait(2) NOTES.</source>
internal static class ProcessEnd
{
    /// <summary>Turns a process without threads into a zombie, or into nothing if nobody wants one.</summary>
    internal static void Finish(Process process)
    {
        using (SpinLock.Guard guard = ProcessTree.Lock.Acquire())
        {
            GiveChildrenAwayLocked(process);
            ProcessGroups.ReleaseIfOrphanedLocked(process, process.Parent, process);
            process.StateField = ProcessState.Zombie;
            process.TellEnd();
            Cgroups.LeaveLocked(process);
            AnnounceLocked(process);
        }
    }

    /// <summary>Tells who is next to know of a zombie: a tracer, and after that its parent.</summary>
    internal static void AnnounceLocked(Process process)
    {
        if (TraceEnd.IsHeldBackLocked(process))
        {
            TraceEnd.TellTracerLocked(process);
            return;
        }

        if (ParentNotice.TellEndLocked(process)) ReapLocked(process);
    }

    /// <summary>Adds what a child has used to what its parent's children have used, as a wait does.</summary>
    internal static void AddToParentLocked(Process child)
    {
        ResourceUsage usage = ProcessAccounting.WithChildren(child);
        using (SpinLock.Guard guard = child.Parent!.SignalState.Lock.Acquire())
            child.Parent!.Accounting.Children.Add(usage);
    }

    /// <summary>Forgets a zombie: its pid means nothing any more.</summary>
    internal static void ReapLocked(Process process)
    {
        process.StateField = ProcessState.Reaped;
        Cgroups.RemoveThreadLocked(process.Cgroup);
        ProcessTree.RemoveChildLocked(process);
        process.Group.RemoveLocked(process);
        if (process.Pid.Tracee is { } tracee) TraceLink.UnlinkLocked(tracee);
        process.Pid.Process = null;
        PidTable.ReleaseIfUnusedLocked(process.Pid);

        // A zombie still counts against its user's RLIMIT_NPROC.
        UserAccounts.Release(process.LastAccount);
    }

    private static void GiveChildrenAwayLocked(Process process)
    {
        Process heir = HeirLocked(process);
        while (process.FirstChild is Process child)
        {
            ProcessGroups.ReleaseIfOrphanedLocked(child, process, process);
            ProcessTree.RemoveChildLocked(child);
            ProcessTree.AddChildLocked(heir, child);
            child.Creator = null;
            child.ExitSignal = Signals.SIGCHLD;
            bool isTold = child.State == ProcessState.Zombie && !TraceEnd.IsHeldBackLocked(child);
            if (isTold && ParentNotice.TellEndLocked(child)) ReapLocked(child);
        }
    }

    /// <summary>The nearest ancestor that adopts, or init.</summary>
    /// <source>prctl(2), PR_SET_CHILD_SUBREAPER.</source>
    private static Process HeirLocked(Process process)
    {
        for (Process? ancestor = process.Parent; ancestor is not null; ancestor = ancestor.Parent)
        {
            if (ancestor.IsSubreaper && ancestor.State == ProcessState.Live) return ancestor;
        }

        return InitialProcess.Instance;
    }
}
