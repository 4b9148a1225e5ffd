using Cashew.Abi;

namespace Cashew.Processes;

/// <summary>What a tracer may ask to be told of: new processes and threads, exec, the end.</summary>
/// <source>ptrace(2), PTRACE_SETOPTIONS and "PTRACE_EVENT stops".</source>
internal static class TraceEvents
{
    /// <summary>The event that a clone is, 0 for none that the caller's tracer wants to know of.</summary>
    internal static int OfClone(UserThread caller, in CloneRequest request)
    {
        if (caller.Tracee is not { } tracee || request.Has(CloneBits.CLONE_UNTRACED)) return 0;
        if (request.Has(CloneBits.CLONE_VFORK))
            return Wanted(tracee, PtraceRequest.PTRACE_O_TRACEVFORK, PtraceRequest.PTRACE_EVENT_VFORK);
        return request.ExitSignal == Signals.SIGCHLD
            ? Wanted(tracee, PtraceRequest.PTRACE_O_TRACEFORK, PtraceRequest.PTRACE_EVENT_FORK)
            : Wanted(tracee, PtraceRequest.PTRACE_O_TRACECLONE, PtraceRequest.PTRACE_EVENT_CLONE);
    }

    /// <summary>What will make the child a tracee; null when it will not be one.</summary>
    internal static Tracee? ForChild(
        UserThread caller, UserThread child, in CloneRequest request, int cloneEvent)
    {
        bool isTraced = cloneEvent != 0 || request.Has(CloneBits.CLONE_PTRACE);
        return isTraced && caller.Tracee is { } tracee ? new Tracee(child, TracerClaim.Of(tracee)) : null;
    }

    /// <summary>Tells of the child, in the caller of the clone.</summary>
    internal static void Cloned(UserThread caller, int cloneEvent, int childId)
    {
        if (cloneEvent != 0) Stop(caller, cloneEvent, (ulong)childId);
    }

    internal static void VforkDone(UserThread caller, int childId)
    {
        if (caller.Tracee is { } tracee && tracee.Has(PtraceRequest.PTRACE_O_TRACEVFORKDONE))
            Stop(caller, PtraceRequest.PTRACE_EVENT_VFORK_DONE, (ulong)childId);
    }

    /// <summary>The new program is ready to run.</summary>
    /// <source>ptrace(2): without the option, and unless seized, an exec raises a SIGTRAP.</source>
    internal static void Executed(UserThread caller, int formerId)
    {
        if (caller.Tracee is not { } tracee) return;
        if (tracee.Has(PtraceRequest.PTRACE_O_TRACEEXEC))
        {
            Stop(caller, PtraceRequest.PTRACE_EVENT_EXEC, (ulong)formerId);
            return;
        }

        if (!tracee.IsSeized) SignalTargets.RaiseHere(caller, Signals.SIGTRAP);
    }

    /// <summary>A filter leaves a call to the tracer. False when no tracer wants to be asked.</summary>
    internal static bool Seccomp(UserThread caller, uint data)
    {
        if (caller.Tracee is not { } tracee || !tracee.Has(PtraceRequest.PTRACE_O_TRACESECCOMP)) return false;
        Stop(caller, PtraceRequest.PTRACE_EVENT_SECCOMP, data);
        return true;
    }

    /// <summary>The thread is about to end; its registers and its memory are still there.</summary>
    internal static void Exiting(UserThread thread, WaitStatus status)
    {
        if (thread.Tracee is not { } tracee || !tracee.Has(PtraceRequest.PTRACE_O_TRACEEXIT)) return;
        int code = TraceStop.CodeOf(Signals.SIGTRAP, PtraceRequest.PTRACE_EVENT_EXIT);
        // It takes no signals any more.
        _ = TraceStop.Notify(thread, TraceStopKind.Exit, code, (ulong)status.Value);
    }

    /// <summary>A handler is about to run its first instruction: one step for a tracer that steps.</summary>
    internal static void HandlerEntered(UserThread thread)
    {
        if (thread.Tracee is not { IsStepping: true }) return;
        int signal = TraceStop.Notify(thread, TraceStopKind.Handler, Signals.SIGTRAP, 0);
        if (signal != 0) SignalSender.Send(thread, new SignalEntry(SignalInfo.FromKernel(signal)));
    }

    private static int Wanted(Tracee tracee, uint option, int traceEvent) =>
        tracee.Has(option) ? traceEvent : 0;

    private static void Stop(UserThread thread, int traceEvent, ulong message)
    {
        int code = TraceStop.CodeOf(Signals.SIGTRAP, traceEvent);
        // A signal given along has no effect here.
        _ = TraceStop.Notify(thread, TraceStopKind.Event, code, message);
    }
}
