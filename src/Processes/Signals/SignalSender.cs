using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>
/// Raises signals: makes them pending and sees to it that a thread that wants them comes by. What a signal
/// does is decided there, by <see cref="SignalTaker"/>, save two things that cannot wait: SIGCONT continues a
/// stopped process at once, and a signal that will end the process makes all its threads leave what they are
/// doing.
/// </summary>
/// <locking>
/// Methods named Locked expect the target's signal lock. The others take it; they may be called under the
/// tree lock, and those without an entry from interrupt handlers.
/// </locking>
public static class SignalSender
{
    /// <summary>Raises a signal of the kernel's own that says nothing more than its number.</summary>
    public static void Raise(Process target, int signal)
    {
        using (SpinLock.Guard guard = target.SignalState.Lock.Acquire())
            SendLocked(target, null, signal, null, SignalOrigin.Kernel);
    }

    public static void Send(Process target, SignalEntry entry)
    {
        using (SpinLock.Guard guard = target.SignalState.Lock.Acquire())
            SendLocked(target, null, entry.Info.Number, entry, SignalOrigin.User);
    }

    public static void Send(UserThread target, SignalEntry entry)
    {
        using (SpinLock.Guard guard = target.Process.SignalState.Lock.Acquire())
            SendLocked(target.Process, target, entry.Info.Number, entry, SignalOrigin.User);
    }

    /// <summary>
    /// Raises the signal of a fault that the current thread has caused. Blocking or ignoring it does not
    /// help:
    /// the instruction could only fault again.
    /// </summary>
    public static void Force(UserThread thread, in SignalInfo info)
    {
        SignalEntry entry = new(info);
        ProcessSignals state = thread.Process.SignalState;
        int signal = info.Number;
        using (SpinLock.Guard guard = state.Lock.Acquire())
        {
            SignalAction action = state.Actions[signal];
            bool isBlocked = thread.SignalState.Blocked.Contains(signal);
            if (isBlocked || action.IsIgnore)
            {
                action = SignalAction.Default;
                state.Actions[signal] = action;
                thread.SignalState.Blocked = thread.SignalState.Blocked.Without(SignalSet.Of(signal));
            }

            // Not even init survives what it cannot handle.
            if (action.IsDefault && thread.Tracee is null) state.IsProtected = false;
            SendLocked(thread.Process, thread, signal, entry, SignalOrigin.Kernel);
            PendingSignals.UpdateLocked(thread);
        }
    }

    /// <summary>Ends the current thread's process with SIGSEGV, whatever it says to that: it has no stack or
    /// no frame left to say it with.</summary>
    public static void ForceFatal(UserThread thread, int signal) =>
        ForceFatal(thread, SignalInfo.FromKernel(signal));

    public static void ForceFatal(UserThread thread, in SignalInfo info)
    {
        using (SpinLock.Guard guard = thread.Process.SignalState.Lock.Acquire())
            thread.Process.SignalState.Actions[info.Number] = SignalAction.Default;
        Force(thread, info);
    }

    /// <summary>The signal is pending for one thread, or, without one, for whichever of the
    /// process.</summary>
    internal static void SendLocked(
        Process target, UserThread? thread, int signal, SignalEntry? entry, SignalOrigin origin)
    {
        if (!ShouldQueueLocked(target, thread, signal)) return;
        if (thread is null) Enqueue(ref target.SignalState.Queue, signal, entry, origin);
        else Enqueue(ref thread.SignalState.Queue, signal, entry, origin);
        target.SignalState.Arrivals?.WakeAll(PollBits.POLLIN);
        CompleteLocked(target, thread, signal);
    }

    /// <summary>The signal of a timer, whose entry may still be in the queue: then it has one overrun more.
    /// False when nobody will get it.</summary>
    internal static bool TrySendTimerLocked(Process target, UserThread? thread, SignalEntry entry)
    {
        if (entry.IsQueued)
        {
            entry.Info.AddOverrun();
            return true;
        }

        int signal = entry.Info.Number;
        if (thread is { SignalState.IsExiting: true } || !ShouldQueueLocked(target, thread, signal)) return false;
        entry.Info.SetOverruns(0);
        if (thread is null) target.SignalState.Queue.AddTimer(signal, entry);
        else thread.SignalState.Queue.AddTimer(signal, entry);
        target.SignalState.Arrivals?.WakeAll(PollBits.POLLIN);
        CompleteLocked(target, thread, signal);
        return true;
    }

    private static void Enqueue(ref SignalQueue queue, int signal, SignalEntry? entry, SignalOrigin origin)
    {
        if (entry is null) queue.AddBare(signal, origin);
        else queue.Add(signal, entry);
    }

    /// <summary>Does what happens at the sending, and decides whether there is anything left to
    /// deliver.</summary>
    private static bool ShouldQueueLocked(Process target, UserThread? thread, int signal)
    {
        ProcessSignals state = target.SignalState;
        if (state.IsEnding || target.FirstThread is null)
        {
            if (signal == Signals.SIGKILL) TraceStop.ReleaseKilledLocked(target);
            return false;
        }

        if (SignalDefaults.Stopping.Contains(signal))
            RemoveEverywhereLocked(target, SignalSet.Of(Signals.SIGCONT));
        else if (signal == Signals.SIGCONT)
            GroupStop.ContinueLocked(target);

        return !IsIgnoredLocked(target, thread, signal);
    }

    /// <summary>
    /// An ignored signal is dropped here, unless it is blocked: by the time it is not, the program may have
    /// said otherwise.
    /// </summary>
    private static bool IsIgnoredLocked(Process target, UserThread? thread, int signal)
    {
        UserThread witness = thread ?? target.Leader!;
        SignalSet blocked = witness.SignalState.Blocked | witness.SignalState.BlockedBeforeWait;
        if (blocked.Contains(signal)) return false;

        // A tracer hears of every signal.
        if (witness.Tracee is not null && signal != Signals.SIGKILL) return false;

        SignalAction action = target.SignalState.Actions[signal];
        if (target.SignalState.IsProtected && action.IsDefault) return true;
        return action.IsIgnore || (action.IsDefault && SignalDefaults.Of(signal) == SignalDefault.Ignore);
    }

    /// <summary>Finds a thread to deliver the signal, and ends the process if that is what will
    /// happen.</summary>
    private static void CompleteLocked(Process target, UserThread? only, int signal)
    {
        if (!TryChooseLocked(target, only, signal, out UserThread? chosen)) return;

        ProcessSignals state = target.SignalState;
        bool isFatal = state.Actions[signal].IsDefault
            && SignalDefaults.Of(signal) == SignalDefault.Terminate
            && !state.IsProtected
            && !chosen.SignalState.BlockedBeforeWait.Contains(signal)
            && (signal == Signals.SIGKILL || chosen.Tracee is null);
        if (isFatal)
        {
            GroupExit.BeginLocked(target, WaitStatus.Signaled(signal, CoreDump.None));
            return;
        }

        chosen.RequestInterrupt();
    }

    private static bool TryChooseLocked(
        Process target, UserThread? only, int signal, [NotNullWhen(true)] out UserThread? chosen)
    {
        chosen = only;
        if (only is not null) return Wants(only, signal);

        // One that has nothing to deliver yet is nearer to user mode than one that has; the leader comes
        // first, as on Linux, which debuggers see.
        chosen = target.Pid.Thread;
        if (chosen is { IsInterruptRequested: false } && Wants(chosen, signal)) return true;
        chosen = null;
        UserThread? busy = null;
        for (UserThread? thread = target.FirstThread; thread is not null; thread = thread.NextThread)
        {
            if (!Wants(thread, signal)) continue;
            chosen = thread;
            if (!thread.IsInterruptRequested) return true;
            busy ??= thread;
        }

        chosen = busy;
        return chosen is not null;
    }

    // A stopped thread finds what is pending when it goes on, and not before.
    private static bool Wants(UserThread thread, int signal)
    {
        if (thread.SignalState.IsExiting) return false;
        if (signal == Signals.SIGKILL) return true;
        if (thread.SignalState.IsStopped || thread.Tracee is { IsStopped: true }) return false;
        return !thread.SignalState.Blocked.Contains(signal);
    }

    internal static void RemoveEverywhereLocked(Process target, SignalSet set)
    {
        target.SignalState.Queue.Remove(set);
        for (UserThread? thread = target.FirstThread; thread is not null; thread = thread.NextThread)
            thread.SignalState.Queue.Remove(set);
    }
}
