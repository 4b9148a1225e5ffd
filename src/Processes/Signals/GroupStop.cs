using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>
/// Stopping and continuing a process. A stop signal is taken by one thread, which asks all others to stop as
/// they come by; when the last one has, the process is stopped and the parent is told. SIGCONT undoes it from
/// whatever state it finds.
/// </summary>
/// <source>signal(7), "Standard signals"; wait(2), WUNTRACED and WCONTINUED.</source>
internal static class GroupStop
{
    /// <summary>
    /// Begins a stop, in the thread that took the signal; not when a SIGCONT has come since it did.
    /// </summary>
    internal static void BeginLocked(UserThread taker, int signal)
    {
        Process process = taker.Process;
        ProcessSignals state = process.SignalState;
        if (state.IsGroupExiting || !taker.SignalState.HasTakenStop) return;
        taker.SignalState.HasTakenStop = false;
        state.StopSignal = signal;
        state.StopCount = 0;
        for (UserThread? thread = process.FirstThread; thread is not null; thread = thread.NextThread)
        {
            ThreadSignals signals = thread.SignalState;
            if (signals.IsExiting || signals.IsStopped) continue;
            signals.IsStopRequested = true;
            state.StopCount++;
            thread.RequestInterrupt();
            if (thread.Tracee is { IsSeized: true } tracee) TraceStop.NotifyLocked(tracee);
        }

        // Those that stand still with their control group stop, too.
        state.Stopped.WakeAll();
    }

    /// <summary>Stops the current thread if its process is stopping, and sleeps until it goes on.</summary>
    internal static void StopHere(UserThread thread)
    {
        ProcessSignals state = thread.Process.SignalState;
        bool isLast;
        if (thread.IsTraced)
        {
            TraceStop.StopWithGroup(thread);
            return;
        }

        using (SpinLock.Guard guard = state.Lock.Acquire())
        {
            ThreadSignals signals = thread.SignalState;
            bool isRejoined = signals.IsStopRejoined && state.IsStopped;
            signals.IsStopRejoined = false;
            if (!signals.IsStopRequested && !isRejoined)
            {
                PendingSignals.UpdateLocked(thread);
                return;
            }

            signals.IsStopped = true;
            isLast = LeaveLocked(thread);
        }

        if (isLast) ParentNotice.TellStopped(thread.Process);

        ContinuedCondition condition = new(thread.SignalState);
        CgroupFreezer.Enter(thread);
        _ = Sleep.Until(state.Stopped, ref condition, SleepMode.Killable, Nanoseconds.Max);
        CgroupFreezer.Leave(thread);
        using (SpinLock.Guard guard = state.Lock.Acquire())
        {
            // A kill ends the sleep with the flag still set.
            thread.SignalState.IsStopped = false;
            PendingSignals.UpdateLocked(thread);
        }
    }

    /// <summary>
    /// A thread no longer counts among those that must stop: it just has, or it exits. True when the process
    /// is stopped by that.
    /// </summary>
    internal static bool LeaveLocked(UserThread thread)
    {
        ProcessSignals state = thread.Process.SignalState;
        if (!thread.SignalState.IsStopRequested) return false;
        thread.SignalState.IsStopRequested = false;
        if (--state.StopCount > 0) return false;
        state.IsStopped = true;
        state.IsStopUnreported = true;
        state.IsContinueUnreported = false;
        return true;
    }

    /// <summary>SIGCONT: drops stop signals, ends a stop, complete or not.</summary>
    internal static void ContinueLocked(Process process)
    {
        ProcessSignals state = process.SignalState;
        SignalSender.RemoveEverywhereLocked(process, SignalDefaults.Stopping);

        // The parent of a process that was about to stop hears of the stop, not of its end.
        StopNotice notice = state.IsStopped ? StopNotice.Continued
            : state.StopCount > 0 ? StopNotice.Stopped
            : StopNotice.None;
        UserThread? messenger = null;
        for (UserThread? thread = process.FirstThread; thread is not null; thread = thread.NextThread)
        {
            thread.SignalState.IsStopRequested = false;
            thread.SignalState.IsStopped = false;
            thread.SignalState.HasTakenStop = false;
            if (thread.Tracee is { IsSeized: true } tracee) TraceStop.NotifyLocked(tracee);
            if (!thread.SignalState.IsExiting) messenger ??= thread;
        }

        if (notice != StopNotice.None)
        {
            state.Notice = notice;
            state.IsContinueUnreported = true;
            state.IsStopUnreported = false;
            messenger?.RequestInterrupt();
        }

        state.IsStopped = false;
        state.StopCount = 0;
        state.StopSignal = 0;
        state.Stopped.WakeAll();
    }

    private readonly struct ContinuedCondition(ThreadSignals signals) : ISleepCondition
    {
        public bool IsMet() => !Volatile.Read(ref signals.IsStopped);
    }
}
