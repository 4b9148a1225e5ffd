using Cashew.Abi;

namespace Cashew.Processes;

/// <summary>The signal state of one thread.</summary>
/// <locking>
/// Masks, queue and stop flags: the process's signal lock. The rest belongs to the thread itself.
/// </locking>
public sealed class ThreadSignals
{
    internal SignalQueue Queue;

    /// <summary>What is not delivered now. Only the thread itself changes it.</summary>
    public SignalSet Blocked { get; internal set; }

    /// <summary>During sigtimedwait(2), what would be blocked but for the wait: signals waited for arrive,
    /// and are not ignored.</summary>
    internal SignalSet BlockedBeforeWait;

    /// <summary>The mask that comes back after sigsuspend(2), ppoll(2) and their like.</summary>
    internal SignalSet Saved;
    internal bool HasSaved;

    /// <summary>The process is to stop, and this thread has not done so yet.</summary>
    internal bool IsStopRequested;

    internal bool IsStopped;

    /// <summary>Its tracer is gone while the process was stopped: it stops, too, and nobody is told
    /// again.</summary>
    internal bool IsStopRejoined;

    /// <summary>Its control group is to stand still. Written under the tree lock, too.</summary>
    internal bool IsFreezeRequested;

    /// <summary>It counts among those of its control group that stand still; the tree lock.</summary>
    internal bool StandsStill;

    /// <summary>Has taken a stop signal and not acted on it yet; a SIGCONT takes it back.</summary>
    internal bool HasTakenStop;

    /// <summary>Has begun to exit: takes no more signals.</summary>
    internal bool IsExiting;

    /// <summary>Waits for a core file to be written before it exits.</summary>
    internal bool IsAtRendezvous;

    public SignalStack Stack;

    /// <summary>
    /// What the system call that is just ending returned, when it is one of the restart codes: decided upon
    /// on the way to user mode.
    /// </summary>
    public Errno RestartError;

    /// <summary>What restart_syscall(2) continues.</summary>
    public RestartBlock? RestartBlock;

    /// <summary>The set to return to when a handler ends.</summary>
    internal SignalSet MaskToRestore => HasSaved ? Saved : Blocked;

    public SignalSet Pending => Queue.Pending;
}
