using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>Ends all other threads of the current process, which an exec does before it goes on.</summary>
/// <source>execve(2): "All threads other than the calling thread are destroyed during an execve()."</source>
internal static class LoneThread
{
    /// <errors>EAGAIN: the process is ending, or another thread was first; either way this thread ends, too.
    /// </errors>
    internal static Errno Become(UserThread survivor)
    {
        Process process = survivor.Process;
        ProcessSignals state = process.SignalState;
        using (SpinLock.Guard guard = state.Lock.Acquire())
        {
            if (state.IsGroupExiting) return Errno.EAGAIN;
            if (process.ThreadCount == 1) return Errno.None;
            if (!GroupExit.TryBeginAloneLocked(survivor)) return Errno.EAGAIN;
        }

        AloneCondition condition = new(process);
        WakeReason reason = Sleep.Until(state.ThreadEnds, ref condition, SleepMode.Killable, Nanoseconds.Max);
        if (reason == WakeReason.Interrupted) return Errno.EAGAIN;

        using (SpinLock.Guard guard = state.Lock.Acquire())
        {
            if (state.IsEnding) return Errno.EAGAIN;
            GroupExit.EndAloneLocked(survivor);
        }

        TakeLeaderPid(survivor);
        return Errno.None;
    }

    /// <summary>The process keeps its number, and the only thread has it.</summary>
    private static void TakeLeaderPid(UserThread survivor)
    {
        using (SpinLock.Guard guard = ProcessTree.Lock.Acquire())
        {
            Pid leader = survivor.Process.Pid;
            Pid own = survivor.Pid;
            if (ReferenceEquals(leader, own)) return;
            own.Thread = null;
            survivor.Pid = leader;
            leader.Thread = survivor;
            TraceEnd.TakeLeaderPlaceLocked(survivor, own, leader);
            PidTable.ReleaseIfUnusedLocked(own);
        }
    }

    private readonly struct AloneCondition(Process process) : ISleepCondition
    {
        public bool IsMet() => process.ThreadCount == 1;
    }
}
