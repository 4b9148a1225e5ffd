using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>
/// Masks, and the one bit that follows from masks and queues: whether a thread has something to do on its way
/// to user mode. The bit lives in Tasks, where it ends sleeps.
/// </summary>
public static class PendingSignals
{
    /// <summary>What is pending for the thread, its own and the process's, blocked or not.</summary>
    /// <source>sigpending(2): only the blocked part is told to programs.</source>
    public static SignalSet Of(UserThread thread)
    {
        using (SpinLock.Guard guard = thread.Process.SignalState.Lock.Acquire())
            return AllLocked(thread);
    }

    /// <summary>Replaces the mask of the current thread. SIGKILL and SIGSTOP stay unblocked.</summary>
    public static void SetBlocked(UserThread thread, SignalSet blocked)
    {
        using (SpinLock.Guard guard = thread.Process.SignalState.Lock.Acquire()) SetBlockedLocked(thread, blocked);
    }

    /// <summary>Takes another mask until the system call ends; the one it replaces comes back after it, or
    /// after the handler that ends it.</summary>
    /// <source>sigsuspend(2), ppoll(2), pselect(2).</source>
    public static void SetBlockedForCall(UserThread thread, SignalSet blocked)
    {
        ThreadSignals signals = thread.SignalState;
        if (!signals.HasSaved)
        {
            signals.Saved = signals.Blocked;
            signals.HasSaved = true;
            thread.RequestAttention();
        }

        SetBlocked(thread, blocked);
    }

    /// <summary>Undoes <see cref="SetBlockedForCall"/> for a call that ends without a signal.</summary>
    public static void RestoreBlocked(UserThread thread)
    {
        ThreadSignals signals = thread.SignalState;
        if (!signals.HasSaved) return;
        signals.HasSaved = false;
        SetBlocked(thread, signals.Saved);
    }

    internal static void SetBlockedLocked(UserThread thread, SignalSet blocked)
    {
        ThreadSignals signals = thread.SignalState;
        SignalSet newlyBlocked = blocked.Without(signals.Blocked);
        signals.Blocked = blocked.Without(SignalSet.Unblockable);
        if (!newlyBlocked.IsEmpty) PassOnLocked(thread, newlyBlocked);
        UpdateLocked(thread);
    }

    /// <summary>Sets the bit of a thread anew. Only the thread itself may find that there is nothing to do.
    /// </summary>
    internal static void UpdateLocked(UserThread thread)
    {
        ThreadSignals signals = thread.SignalState;
        ProcessSignals shared = thread.Process.SignalState;
        bool hasWork = !AllLocked(thread).Without(signals.Blocked).IsEmpty
            || signals.IsStopRequested
            || signals.IsStopRejoined
            || signals.IsFreezeRequested
            || thread.Tracee is { HasWork: true }
            || shared.Notice != StopNotice.None
            || IsToExit(thread);
        if (hasWork) thread.RequestInterrupt();
        else thread.ClearInterrupt();
    }

    /// <summary>A thread that will not take signals of the set any more asks others to look at what is
    /// pending for the process.</summary>
    internal static void PassOnLocked(UserThread thread, SignalSet set)
    {
        SignalSet orphaned = thread.Process.SignalState.Pending & set;
        if (orphaned.IsEmpty) return;
        for (UserThread? other = thread.Process.FirstThread; other is not null; other = other.NextThread)
        {
            if (ReferenceEquals(other, thread) || other.SignalState.IsExiting) continue;
            SignalSet wanted = orphaned.Without(other.SignalState.Blocked);
            if (wanted.IsEmpty) continue;
            other.RequestInterrupt();
            orphaned = orphaned.Without(wanted);
            if (orphaned.IsEmpty) return;
        }
    }

    internal static bool IsToExit(UserThread thread)
    {
        ProcessSignals shared = thread.Process.SignalState;
        return shared.IsGroupExiting && !ReferenceEquals(shared.Survivor, thread);
    }

    private static SignalSet AllLocked(UserThread thread) =>
        thread.SignalState.Pending | thread.Process.SignalState.Pending;
}
