using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>
/// Where a traced thread stands still: it tells its tracer, sleeps, and goes on as the tracer says. Only
/// being killed ends the sleep otherwise, and PTRACE_EVENT_EXIT not even that. </summary>
/// <source>ptrace(2), "Stopped states".</source>
internal static class TraceStop
{
    private const int EventShift = 8;

    /// <summary>Stops for something that the tracer only has to know of: SIGTRAP, with an event if there is
    /// one. </summary>
    /// <returns>The signal that the tracer gives along; 0 for none.</returns>
    internal static int Notify(UserThread thread, TraceStopKind kind, int code, ulong message)
    {
        SignalInfo info = SignalInfo.FromSender(
            Signals.SIGTRAP, code, thread.Id, thread.Credentials.Uid);
        return Stop(thread, kind, code, info, message);
    }

    internal static int CodeOf(int signal, int traceEvent) => signal | traceEvent << EventShift;

    /// <summary>Stops the current thread, if it still has a tracer that wants that.</summary>
    internal static int Stop(
        UserThread thread, TraceStopKind kind, int code, in SignalInfo info, ulong message)
    {
        ProcessSignals state = thread.Process.SignalState;
        SignalEntry notice = new(default);
        Tracee? tracee;
        SleepMode mode;
        using (SpinLock.Guard guard = state.Lock.Acquire())
        {
            tracee = thread.Tracee;
            if (tracee is null) return kind == TraceStopKind.Signal ? code : 0;
            if (kind != TraceStopKind.Exit && PendingSignals.IsToExit(thread)) return 0;
            EnterLocked(tracee, kind, code, info, message);
            // Whoever is killed already sleeps as if nothing could: a second kill lets it go, see
            // ReleaseKilledLocked.
            mode = thread.IsKillRequested ? SleepMode.Uninterruptible : SleepMode.Killable;
        }

        TraceNotice.TellStopped(tracee, notice);
        ResumedCondition condition = new(tracee);
        CgroupFreezer.Enter(thread);
        _ = Sleep.Until(tracee.Resumed, ref condition, mode, Nanoseconds.Max);
        thread.RequestAttention(); // the tracer may have changed registers, signals, the call
        CgroupFreezer.LeaveAtOnce(thread);
        return Leave(thread, tracee);
    }

    /// <summary>Lets a stopped thread go on. A thread that runs only takes over the mode.</summary>
    /// <locking>The signal lock of its process is held.</locking>
    internal static void ResumeLocked(Tracee tracee, TraceMode mode, int signal)
    {
        UserThread thread = tracee.Thread;
        tracee.Mode = mode;
        tracee.ResumeSignal = signal;
        if (thread.Tracee is not null)
            thread.WatchesCalls = UserThread.AllWatchCalls || thread.IsRestricted || mode != TraceMode.Continue;
        if (!tracee.IsStopped) return;

        // The call that an event belongs to was entered unwatched, and its end is to be told of.
        bool isUnwatched = tracee.Kind == TraceStopKind.Event && !tracee.IsInWatchedCall;
        bool isWanted = mode is TraceMode.Calls or TraceMode.Step;
        if (isUnwatched && isWanted) tracee.OwesCallExit = thread.Tracee is not null;
        SingleStep.Set(thread, tracee.IsStepping);
        EndLocked(tracee);
    }

    /// <summary>Has a seized thread stop with PTRACE_EVENT_STOP as soon as it comes by; one that listens at
    /// once. </summary>
    internal static void NotifyLocked(Tracee tracee)
    {
        tracee.IsTrapWanted = true;
        if (tracee is { IsStopped: true, IsListening: true }) EndLocked(tracee);
        else if (!tracee.IsStopped) tracee.Thread.RequestInterrupt();
        if (tracee.Thread.SignalState.IsFreezeRequested) tracee.Thread.Process.SignalState.Stopped.WakeAll();
    }

    /// <summary>SIGKILL, to a process that is ending already: what PTRACE_EVENT_EXIT holds up goes
    /// on.</summary>
    /// <deviation>Linux drops the signal, and only the tracer can let the process end. Here memory that is
    /// needed can be had: whoever is killed because there is none must not be kept by its tracer.</deviation>
    internal static void ReleaseKilledLocked(Process process)
    {
        for (UserThread? thread = process.FirstThread; thread is not null; thread = thread.NextThread)
        {
            if (thread.Tracee is { IsStopped: true } tracee) EndLocked(tracee);
        }
    }

    /// <summary>The current thread's part of a group-stop, with a tracer to hear of it.</summary>
    internal static void StopWithGroup(UserThread thread)
    {
        ProcessSignals state = thread.Process.SignalState;
        bool isLast;
        int signal;
        bool isSeized;
        using (SpinLock.Guard guard = state.Lock.Acquire())
        {
            if (thread.Tracee is not { } tracee) return;
            isSeized = tracee.IsSeized;
            signal = state.StopSignal;
            thread.SignalState.IsStopRejoined = false;
            if (!thread.SignalState.IsStopRequested) return;
            isLast = GroupStop.LeaveLocked(thread);
        }

        if (isLast && TraceNotice.HasForeignTracer(thread)) ParentNotice.TellStopped(thread.Process);
        StopFor(thread, signal, isSeized);
    }

    /// <summary>PTRACE_INTERRUPT, a SIGCONT, or a group-stop that was there when the tracer came.</summary>
    internal static void StopForTrap(UserThread thread)
    {
        ProcessSignals state = thread.Process.SignalState;
        int signal;
        bool isSeized;
        using (SpinLock.Guard guard = state.Lock.Acquire())
        {
            if (thread.Tracee is not { IsTrapWanted: true } tracee) return;
            tracee.IsTrapWanted = false;
            isSeized = tracee.IsSeized;
            bool isStopping = state.IsStopped || state.StopCount > 0;
            signal = isStopping ? state.StopSignal : Signals.SIGTRAP;
            if (!isSeized && !isStopping)
            {
                PendingSignals.UpdateLocked(thread);
                return;
            }
        }

        StopFor(thread, signal, isSeized);
    }

    private static void StopFor(UserThread thread, int signal, bool isSeized)
    {
        if (!isSeized)
        {
            _ = Stop(thread, TraceStopKind.Group, signal, default, 0); // a signal cannot be given along here
            return;
        }

        int code = CodeOf(signal, PtraceRequest.PTRACE_EVENT_STOP);
        SignalInfo info = SignalInfo.FromSender(signal, code, thread.Id, thread.Credentials.Uid);
        _ = Stop(thread, TraceStopKind.Trap, code, info, 0); // nor here
    }

    private static void EnterLocked(
        Tracee tracee, TraceStopKind kind, int code, in SignalInfo info, ulong message)
    {
        tracee.Kind = kind;
        tracee.Code = code;
        tracee.Info = info;
        tracee.HasInfo = kind != TraceStopKind.Group;
        if (kind is TraceStopKind.CallEntry or TraceStopKind.CallExit or TraceStopKind.Event or TraceStopKind.Exit)
            tracee.Message = message;
        if (kind is TraceStopKind.Group or TraceStopKind.Trap) tracee.IsTrapWanted = false;
        tracee.ResumeSignal = 0;
        tracee.IsListening = false;
        tracee.IsUnreported = true;
        tracee.IsStopped = true;
    }

    private static void EndLocked(Tracee tracee)
    {
        tracee.IsStopped = false;
        tracee.IsListening = false;
        tracee.IsUnreported = false;
        tracee.Resumed.WakeAll();
    }

    /// <summary>Back from the sleep: resumed, or killed.</summary>
    private static int Leave(UserThread thread, Tracee tracee)
    {
        ProcessSignals state = thread.Process.SignalState;
        while (true)
        {
            using (SpinLock.Guard guard = state.Lock.Acquire())
            {
                if (!tracee.IsHeld)
                {
                    if (tracee.IsStopped) EndLocked(tracee);
                    CallRestart.Refresh(thread, tracee.Kind);
                    PendingSignals.UpdateLocked(thread);
                    return PendingSignals.IsToExit(thread) ? 0 : tracee.ResumeSignal;
                }
            }

            UnheldCondition condition = new(tracee);
            _ = Sleep.Until(tracee.Resumed, ref condition, SleepMode.Uninterruptible, Nanoseconds.Max);
        }
    }

    private readonly struct ResumedCondition(Tracee tracee) : ISleepCondition
    {
        public bool IsMet() => !tracee.IsStopped;
    }

    private readonly struct UnheldCondition(Tracee tracee) : ISleepCondition
    {
        public bool IsMet() => !System.Threading.Volatile.Read(ref tracee.IsHeld);
    }
}
