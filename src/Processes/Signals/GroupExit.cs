using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>Making all threads of a process exit.</summary>
/// <source>exit_group(2).</source>
internal static class GroupExit
{
    /// <summary>Begins the end, unless it has begun already: the first status counts.</summary>
    internal static void Begin(Process process, WaitStatus status)
    {
        using (SpinLock.Guard guard = process.SignalState.Lock.Acquire()) BeginLocked(process, status);
    }

    /// <summary>Begins the end by a signal of the caller's. All other threads come to the rendezvous, if
    /// there is one.
    /// False when something else ends the process already, or another thread's exec came first.</summary>
    internal static bool TryBegin(Process process, WaitStatus status, CoreRendezvous? rendezvous)
    {
        ProcessSignals state = process.SignalState;
        using SpinLock.Guard guard = state.Lock.Acquire();
        if (state.IsGroupExiting && rendezvous is not null) return false;
        if (!state.IsEnding) state.Rendezvous = rendezvous;
        BeginLocked(process, status);
        return true;
    }

    internal static void ReplaceStatus(Process process, WaitStatus status)
    {
        using SpinLock.Guard guard = process.SignalState.Lock.Acquire();
        process.SignalState.GroupExitStatus = status;
    }

    internal static void BeginLocked(Process process, WaitStatus status)
    {
        ProcessSignals state = process.SignalState;
        if (state.IsEnding) return;
        state.IsGroupExiting = true;
        state.Survivor = null;
        state.GroupExitStatus = status;
        KillThreadsLocked(process, null);
    }

    /// <summary>All threads but one are to exit: an exec keeps the one that calls it. False when something
    /// else ends the process, or another thread's exec came first.</summary>
    internal static bool TryBeginAloneLocked(UserThread survivor)
    {
        ProcessSignals state = survivor.Process.SignalState;
        if (state.IsGroupExiting) return false;
        state.IsGroupExiting = true;
        state.Survivor = survivor;
        state.GroupExitStatus = WaitStatus.Exited(0);
        KillThreadsLocked(survivor.Process, survivor);
        return true;
    }

    internal static void EndAloneLocked(UserThread survivor)
    {
        ProcessSignals state = survivor.Process.SignalState;
        state.Survivor = null;
        state.IsGroupExiting = false;
    }

    private static void KillThreadsLocked(Process process, UserThread? except)
    {
        ProcessSignals state = process.SignalState;
        state.StopCount = 0;
        state.StopSignal = 0;
        state.IsStopped = false;
        for (UserThread? thread = process.FirstThread; thread is not null; thread = thread.NextThread)
        {
            thread.SignalState.IsStopRequested = false;
            if (ReferenceEquals(thread, except) || thread.SignalState.IsExiting) continue;
            thread.RequestKill();
        }
    }
}
