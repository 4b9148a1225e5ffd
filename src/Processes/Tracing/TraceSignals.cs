using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>Signal-delivery-stop: a tracer decides what becomes of a signal that its tracee has
/// taken.</summary>
/// <source>ptrace(2), "Signal-delivery-stop" and "Signal injection and suppression".</source>
internal static class TraceSignals
{
    /// <summary>False: there is nothing left to deliver.</summary>
    internal static bool TryPass(UserThread thread, ref SignalInfo info)
    {
        if (info.Number == Signals.SIGKILL) return true;
        Tracee? tracee = thread.Tracee;
        int signal = TraceStop.Stop(thread, TraceStopKind.Signal, info.Number, info, 0);
        if (signal == 0) return false;

        // The tracer may have changed what the signal says, too.
        if (tracee is not null) info = tracee.Info;
        if (signal != info.Number) info = FromTracer(thread, tracee, signal);

        return !TryPutBack(thread, info);
    }

    /// <summary>A signal of the tracer's choice; its last one, when it detached with it, counts as the
    /// parent's.</summary>
    private static SignalInfo FromTracer(UserThread thread, Tracee? tracee, int signal)
    {
        using (SpinLock.Guard guard = ProcessTree.Lock.Acquire())
        {
            Process? sender = tracee?.Tracer?.Process ?? thread.Process.Parent;
            return sender is null
                ? SignalInfo.FromSender(signal, SigInfoCode.SI_USER, 0, 0)
                : SignalInfo.FromSender(signal, SigInfoCode.SI_USER, sender.Id, sender.Credentials.Uid);
        }
    }

    /// <summary>A signal that is blocked, the tracer's own choice perhaps, waits until it is not.</summary>
    private static bool TryPutBack(UserThread thread, in SignalInfo info)
    {
        SignalEntry entry = new(info);
        using (SpinLock.Guard guard = thread.Process.SignalState.Lock.Acquire())
        {
            if (!thread.SignalState.Blocked.Contains(info.Number)) return false;
            SignalSender.SendLocked(thread.Process, thread, info.Number, entry, SignalOrigin.User);
            return true;
        }
    }
}
