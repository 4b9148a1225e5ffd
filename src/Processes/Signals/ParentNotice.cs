using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>Tells a parent that its child has stopped, gone on or ended: SIGCHLD, and the end of its wait.
/// </summary>
/// <source>sigaction(2), SA_NOCLDSTOP and SA_NOCLDWAIT; wait(2), NOTES.</source>
internal static class ParentNotice
{
    internal static void TellStopped(Process process) =>
        TellStateChange(process, SigInfoCode.CLD_STOPPED, process.SignalState.StopSignal);

    internal static void TellContinued(Process process) =>
        TellStateChange(process, SigInfoCode.CLD_CONTINUED, Signals.SIGCONT);

    /// <summary>
    /// Tells of the end. True when nobody will wait: the parent ignores SIGCHLD or asked for no zombies.
    /// </summary>
    /// <locking>The tree lock is held.</locking>
    internal static bool TellEndLocked(Process process)
    {
        Process? parent = process.Parent;
        if (parent is null) return false;

        bool isUnwanted = false;
        int signal = process.ExitSignal;
        if (signal == Signals.SIGCHLD)
        {
            SignalAction action = parent.SignalState.Actions[signal];
            bool isTraced = process.Pid.Tracee is not null; // and then waited for in any case
            isUnwanted = !isTraced && (action.IsIgnore || action.Has(SigactionBits.SA_NOCLDWAIT));
            if (action.IsIgnore) signal = 0;
        }

        if (SignalSet.IsValidSignal(signal) && process.ExitNotice is { } entry)
        {
            WaitStatus status = process.ExitStatus;
            entry.Info = Info(process, signal, status.ChildCode, status.ChildStatus);
            SignalSender.Send(parent, entry);
        }

        parent.ChildEvents.WakeAll();
        return isUnwanted;
    }

    private static void TellStateChange(Process process, int code, int status)
    {
        SignalEntry entry = new(default);
        using (SpinLock.Guard guard = ProcessTree.Lock.Acquire())
        {
            Process? parent = process.Parent;
            if (parent is null) return;
            SignalAction action = parent.SignalState.Actions[Signals.SIGCHLD];
            if (!action.IsIgnore && !action.Has(SigactionBits.SA_NOCLDSTOP))
            {
                entry.Info = Info(process, Signals.SIGCHLD, code, status);
                SignalSender.Send(parent, entry);
            }

            parent.ChildEvents.WakeAll();
        }
    }

    private static SignalInfo Info(Process process, int signal, int code, int status)
    {
        ResourceUsage usage = ProcessAccounting.OfProcess(process);
        return SignalInfo.FromChild(
            signal, code, process.Id, process.Credentials.Uid, status,
            ClockTicks.Of(usage.UserTime), ClockTicks.Of(usage.SystemTime));
    }
}
