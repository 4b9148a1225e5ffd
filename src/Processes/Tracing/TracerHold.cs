using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>
/// A tracer's hold of a stopped thread, while one request is carried out. A kill ends the stop only
/// afterwards: the registers and the memory that the tracer looks at do not change or go away under it.
/// </summary>
public readonly ref struct TracerHold
{
    private TracerHold(Tracee tracee) => Tracee = tracee;

    public Tracee Tracee { get; }

    /// <errors>ESRCH: there is no such thread, it is not traced by the caller, or it is not stopped.</errors>
    public static bool TryTake(UserThread caller, int pid, out TracerHold hold)
    {
        hold = default;
        if (!TryFind(caller, pid, out Tracee? tracee)) return false;
        using (SpinLock.Guard guard = tracee.Thread.Process.SignalState.Lock.Acquire())
        {
            bool isMine = ReferenceEquals(tracee.Tracer, caller);
            bool isKilled = tracee.Thread.IsKillRequested && tracee.Kind != TraceStopKind.Exit;
            if (!isMine || !tracee.IsStopped || tracee.IsListening || isKilled) return false;
            tracee.IsHeld = true;
        }

        hold = new TracerHold(tracee);
        return true;
    }

    /// <summary>The caller's tracee of that number, whatever it does at the moment.</summary>
    public static bool TryFind(UserThread caller, int pid, [NotNullWhen(true)] out Tracee? tracee)
    {
        tracee = PidTable.Find(pid)?.Tracee;
        return tracee is not null && ReferenceEquals(tracee.Tracer, caller) && !tracee.HasEnded;
    }

    public void Dispose()
    {
        if (Tracee is null) return;
        using (SpinLock.Guard guard = Tracee.Thread.Process.SignalState.Lock.Acquire()) Tracee.IsHeld = false;
        Tracee.Resumed.WakeAll();
    }
}
