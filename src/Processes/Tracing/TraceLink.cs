using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>The beginning and the end of tracing.</summary>
/// <source>ptrace(2), "Attaching and detaching".</source>
public static class TraceLink
{
    /// <summary>The caller's parent becomes its tracer.</summary>
    /// <errors>EPERM: it is traced already. ENOMEM.</errors>
    public static Errno TraceMe(UserThread caller)
    {
        if (!KernelObjects.MayCreate()) return Errno.ENOMEM;
        Process process = caller.Process;
        using (SpinLock.Guard treeGuard = ProcessTree.Lock.Acquire())
        {
            if (caller.Tracee is not null) return Errno.EPERM;
            UserThread? parent = process.Creator ?? process.Parent?.Leader;
            if (parent is null) return Errno.EPERM;

            // A parent about to end would let go at once.
            if (parent.SignalState.IsExiting) return Errno.None;
        }

        // Objects are made without a lock, so the parent is looked up again.
        TracerClaim claim = new(process.Parent!.Credentials, isSeized: false, options: 0);
        Tracee tracee = new(caller, claim);
        using (SpinLock.Guard treeGuard = ProcessTree.Lock.Acquire())
        {
            UserThread? parent = process.Creator ?? process.Parent?.Leader;
            if (parent is not null && !parent.SignalState.IsExiting) LinkLocked(parent, caller, tracee);
            return Errno.None;
        }
    }

    /// <summary>PTRACE_ATTACH, which stops the thread by a SIGSTOP, and PTRACE_SEIZE, which does
    /// not.</summary>
    /// <errors>EPERM: it is traced already, is about to end, or is out of the caller's reach.
    /// ENOMEM.</errors>
    public static Errno Attach(UserThread caller, UserThread target, bool isSeized, uint options)
    {
        Process process = target.Process;
        if (ReferenceEquals(process, caller.Process)) return Errno.EPERM;
        Errno error = InspectPermission.Check(caller, process);
        if (error != Errno.None) return error;
        if (!KernelObjects.MayCreate()) return Errno.ENOMEM;

        Tracee tracee = new(target, new TracerClaim(caller.Credentials, isSeized, options));
        SignalEntry stop = new(SignalInfo.FromKernel(Signals.SIGSTOP));
        using (SpinLock.Guard treeGuard = ProcessTree.Lock.Acquire())
        {
            bool isGone = target.SignalState.IsExiting || !ReferenceEquals(target.Pid.Thread, target);
            if (isGone || target.Tracee is not null || target.Pid.Tracee is not null) return Errno.EPERM;
            LinkLocked(caller, target, tracee);
            using (SpinLock.Guard guard = process.SignalState.Lock.Acquire())
            {
                if (!isSeized)
                {
                    SignalSender.SendLocked(
                        process, target, Signals.SIGSTOP, stop, SignalOrigin.Kernel);
                }

                TakeOverStopLocked(target, tracee);
            }
        }

        return Errno.None;
    }

    /// <summary>The tracer lets go of a thread that it holds; the thread goes on.</summary>
    public static void Detach(Tracee tracee, int signal)
    {
        Process process = tracee.Thread.Process;
        using (SpinLock.Guard treeGuard = ProcessTree.Lock.Acquire())
        {
            UnlinkLocked(tracee);
            using (SpinLock.Guard guard = process.SignalState.Lock.Acquire())
                TraceStop.ResumeLocked(tracee, TraceMode.Continue, signal);
        }
    }

    /// <summary>What a traced thread has made is traced by the same tracer, on the same terms.</summary>
    /// <locking>The tree lock and the signal lock of the child's process are held.</locking>
    internal static void LinkChildLocked(UserThread caller, UserThread child, Tracee tracee)
    {
        if (caller.Tracee?.Tracer is not { } tracer || tracer.SignalState.IsExiting) return;
        AddLocked(tracer, child, tracee);
        if (tracee.IsSeized) TraceStop.NotifyLocked(tracee);
        else SignalSender.SendLocked(child.Process, child, Signals.SIGSTOP, null, SignalOrigin.User);
    }

    /// <summary>The current thread ends, and with it its tracing of others.</summary>
    /// <source>ptrace(2): "If the tracer dies, all tracees are automatically detached and
    /// restarted".</source>
    internal static void ReleaseAll(UserThread tracer)
    {
        if (tracer.FirstTracee is null) return;
        while (true)
        {
            using (SpinLock.Guard treeGuard = ProcessTree.Lock.Acquire())
            {
                if (tracer.FirstTracee is not { } tracee) return;
                ReleaseLocked(tracee);
            }
        }
    }

    /// <summary>Ends the tracing of a thread, dead or alive; what it is stopped for is the caller's
    /// business.</summary>
    /// <locking>The tree lock is held.</locking>
    internal static void UnlinkLocked(Tracee tracee)
    {
        UserThread thread = tracee.Thread;
        using (SpinLock.Guard guard = thread.Process.SignalState.Lock.Acquire())
        {
            RemoveFromTracer(tracee);
            tracee.Pid.Tracee = null;
            tracee.IsTrapWanted = false;
            tracee.OwesCallExit = false;
            if (!ReferenceEquals(thread.Tracee, tracee)) return;
            thread.Tracee = null;
            thread.WatchesCalls = UserThread.AllWatchCalls || thread.IsRestricted;
            RejoinGroupLocked(thread);
        }

        PidTable.ReleaseIfUnusedLocked(tracee.Pid);
    }

    private static void LinkLocked(UserThread tracer, UserThread thread, Tracee tracee)
    {
        using (SpinLock.Guard guard = thread.Process.SignalState.Lock.Acquire())
            AddLocked(tracer, thread, tracee);
    }

    private static void AddLocked(UserThread tracer, UserThread thread, Tracee tracee)
    {
        tracee.Tracer = tracer;
        tracee.Pid = thread.Pid;
        tracee.NextOfTracer = tracer.FirstTracee;
        if (tracer.FirstTracee is not null) tracer.FirstTracee.PreviousOfTracer = tracee;
        tracer.FirstTracee = tracee;
        thread.Pid.Tracee = tracee;
        thread.Tracee = tracee;
    }

    private static void RemoveFromTracer(Tracee tracee)
    {
        if (tracee.PreviousOfTracer is null) tracee.Tracer!.FirstTracee = tracee.NextOfTracer;
        else tracee.PreviousOfTracer.NextOfTracer = tracee.NextOfTracer;
        if (tracee.NextOfTracer is not null) tracee.NextOfTracer.PreviousOfTracer = tracee.PreviousOfTracer;
        tracee.PreviousOfTracer = null;
        tracee.NextOfTracer = null;
        tracee.Tracer = null;
    }

    /// <summary>A thread that its group has stopped becomes one that its tracer can move.</summary>
    private static void TakeOverStopLocked(UserThread target, Tracee tracee)
    {
        if (!target.SignalState.IsStopped) return;
        target.SignalState.IsStopped = false;
        TraceStop.NotifyLocked(tracee);
        target.Process.SignalState.Stopped.WakeAll();
    }

    /// <summary>Without a tracer, a thread of a stopped process stops as the others have.</summary>
    private static void RejoinGroupLocked(UserThread thread)
    {
        ProcessSignals state = thread.Process.SignalState;
        if (!state.IsStopped || thread.SignalState.IsExiting || thread.SignalState.IsStopRequested) return;
        thread.SignalState.IsStopRejoined = true;
        thread.RequestInterrupt();
    }

    private static void ReleaseLocked(Tracee tracee)
    {
        Process process = tracee.Thread.Process;
        if (tracee.HasEnded)
        {
            TraceEnd.ReleaseThreadLocked(tracee);
            return;
        }

        bool isHeldBack = process.State == ProcessState.Zombie && TraceEnd.IsHeldBackLocked(process);
        bool isKilled = tracee.Has(PtraceRequest.PTRACE_O_EXITKILL);
        UnlinkLocked(tracee);
        using (SpinLock.Guard guard = process.SignalState.Lock.Acquire())
        {
            // A signal that the tracer had not heard of is delivered.
            int signal = tracee is { IsUnreported: true, Kind: TraceStopKind.Signal } ? tracee.Code : 0;
            TraceStop.ResumeLocked(tracee, TraceMode.Continue, signal);
            if (isKilled) SignalSender.SendLocked(process, null, Signals.SIGKILL, null, SignalOrigin.Kernel);
        }

        if (isHeldBack) ProcessEnd.AnnounceLocked(process);
    }
}
