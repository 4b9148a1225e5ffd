using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>Takes a signal without a handler.</summary>
/// <source>sigwaitinfo(2), sigtimedwait(2).</source>
public static class SignalWait
{
    /// <summary>Waits until one of the signals is pending, and takes it.</summary>
    /// <errors>EAGAIN: the time is up. EINTR: another signal's handler is to run.</errors>
    public static Errno Wait(UserThread caller, SignalSet wanted, Nanoseconds deadline, out SignalInfo info)
    {
        wanted = wanted.Without(SignalSet.Unblockable);
        if (TryTake(caller, wanted, out info)) return Errno.None;
        if (deadline <= Clock.Monotonic) return Errno.EAGAIN;

        // Unblocked meanwhile so that their arrival ends the sleep; marked, so that they are not ignored.
        ThreadSignals signals = caller.SignalState;
        SignalSet before = signals.Blocked;
        using (SpinLock.Guard guard = caller.Process.SignalState.Lock.Acquire())
        {
            signals.BlockedBeforeWait = before;
            PendingSignals.SetBlockedLocked(caller, before.Without(wanted));
        }

        WakeReason reason = Sleep.For(deadline, SleepMode.Interruptible);
        bool isTaken;
        using (SpinLock.Guard guard = caller.Process.SignalState.Lock.Acquire())
        {
            signals.BlockedBeforeWait = SignalSet.Empty;
            isTaken = TryTakeLocked(caller, wanted, out info);
            PendingSignals.SetBlockedLocked(caller, before);
        }

        if (isTaken) return Errno.None;
        return reason == WakeReason.TimedOut ? Errno.EAGAIN : Errno.EINTR;
    }

    /// <summary>Takes a pending signal if there is one.</summary>
    internal static bool TryTake(UserThread caller, SignalSet wanted, out SignalInfo info)
    {
        using (SpinLock.Guard guard = caller.Process.SignalState.Lock.Acquire())
            return TryTakeLocked(caller, wanted, out info);
    }

    private static bool TryTakeLocked(UserThread caller, SignalSet wanted, out SignalInfo info)
    {
        bool isTaken = caller.SignalState.Queue.TryTake(wanted, out info)
            || caller.Process.SignalState.Queue.TryTake(wanted, out info);
        PendingSignals.UpdateLocked(caller);
        return isTaken;
    }
}
