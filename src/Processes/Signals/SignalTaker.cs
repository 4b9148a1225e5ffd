using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>
/// Takes pending signals one after the other and does what they do by default, until one is to be handled by
/// the program. Runs in the thread itself, on its way to user mode and with nothing held.
/// </summary>
internal static class SignalTaker
{
    /// <summary>False when nothing is left to do. Does not return when the thread is to end.</summary>
    internal static bool TryTake(UserThread thread, out SignalInfo info, out SignalAction action)
    {
        while (true)
        {
            SettleProcessState(thread);
            if (!TryTakeOne(thread, out info, out action)) return false;
            if (thread.IsTraced && !TryPassTracer(thread, ref info, ref action)) continue;
            if (action.IsHandled) return true;
            if (action.IsDefault) ActByDefault(thread, info);
        }
    }

    /// <summary>Ends or stops the thread if its process does, and carries messages to the parent.</summary>
    private static void SettleProcessState(UserThread thread)
    {
        ProcessSignals state = thread.Process.SignalState;
        while (true)
        {
            if (PendingSignals.IsToExit(thread)) ThreadExit.ExitWithGroup(thread);
            StopNotice notice = TakeNotice(state);
            if (notice == StopNotice.Continued) ParentNotice.TellContinued(thread.Process);
            else if (notice == StopNotice.Stopped) ParentNotice.TellStopped(thread.Process);
            ThreadSignals signals = thread.SignalState;
            if (thread.Tracee is { OwesCallExit: true }) TraceCalls.Leave(thread);
            else if (signals.IsStopRequested || signals.IsStopRejoined) GroupStop.StopHere(thread);
            else if (thread.Tracee is { IsTrapWanted: true }) TraceStop.StopForTrap(thread);
            else if (signals.IsFreezeRequested) CgroupFreezer.StopHere(thread);
            else return;
        }
    }

    /// <summary>Looked at without the lock: one that comes meanwhile makes the thread come by
    /// again.</summary>
    private static StopNotice TakeNotice(ProcessSignals state)
    {
        if (state.Notice == StopNotice.None) return StopNotice.None;
        using SpinLock.Guard guard = state.Lock.Acquire();
        StopNotice notice = state.Notice;
        state.Notice = StopNotice.None;
        return notice;
    }

    /// <summary>Asks the tracer, who may want another signal, or none.</summary>
    private static bool TryPassTracer(UserThread thread, ref SignalInfo info, ref SignalAction action)
    {
        if (!TraceSignals.TryPass(thread, ref info)) return false;
        using (SpinLock.Guard guard = thread.Process.SignalState.Lock.Acquire())
            action = TakeActionLocked(thread, info.Number);
        return true;
    }

    private static bool TryTakeOne(UserThread thread, out SignalInfo info, out SignalAction action)
    {
        ProcessSignals state = thread.Process.SignalState;
        using (SpinLock.Guard guard = state.Lock.Acquire())
        {
            SignalSet wanted = ~thread.SignalState.Blocked;
            bool isFound = thread.SignalState.Queue.TryTake(wanted, out info)
                || state.Queue.TryTake(wanted, out info);
            action = SignalAction.Default;
            if (isFound)
            {
                bool isTraced = thread.Tracee is not null;
                if (isTraced || SignalDefaults.Stopping.Contains(info.Number)) thread.SignalState.HasTakenStop = true;
                if (!isTraced) action = TakeActionLocked(thread, info.Number);
            }

            PendingSignals.UpdateLocked(thread);
            return isFound;
        }
    }

    private static SignalAction TakeActionLocked(UserThread thread, int signal)
    {
        SignalActions actions = thread.Process.SignalState.Actions;
        SignalAction action = actions[signal];
        if (action.IsHandled && action.Has(SigactionBits.SA_RESETHAND)) actions.Reset(signal, action);
        return action;
    }

    private static void ActByDefault(UserThread thread, in SignalInfo info)
    {
        int signal = info.Number;
        Process process = thread.Process;
        SignalDefault action = SignalDefaults.Of(signal);
        if (action is SignalDefault.Ignore or SignalDefault.Continue) return;
        if (process.SignalState.IsProtected) return;

        if (action == SignalDefault.Stop)
        {
            // Nobody could continue a process of an orphaned group, so only SIGSTOP stops one.
            if (signal != Signals.SIGSTOP && ProcessGroups.IsOrphaned(process)) return;
            using (SpinLock.Guard guard = process.SignalState.Lock.Acquire())
                GroupStop.BeginLocked(thread, signal);
            return;
        }

        if (action == SignalDefault.Core) CoreFile.EndProcess(thread, info);
        else GroupExit.Begin(process, WaitStatus.Signaled(signal, CoreDump.None));
        ThreadExit.ExitWithGroup(thread);
    }
}
