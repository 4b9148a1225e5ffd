using System.Threading;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>A traced thread, as its tracer sees it. Made when tracing begins; it outlives the thread until
/// the tracer has heard of its end.</summary>
/// <locking>
/// Who traces whom: written under <see cref="ProcessTree.Lock"/> and the signal lock of the tracee's process,
/// read under either. The stop and everything else: that signal lock. What the tracer reads and changes of a
/// stopped thread (registers, mask, siginfo) needs no lock: <see cref="TracerHold"/> keeps the thread where
/// it is meanwhile. </locking>
/// <source>ptrace(2).</source>
public sealed class Tracee
{
    private bool _isStopped;

    internal Tracee(UserThread thread, TracerClaim claim)
    {
        Thread = thread;
        IsSeized = claim.IsSeized;
        Options = claim.Options;
        TracerCredentials = claim.Credentials;
    }

    public UserThread Thread { get; }

    /// <summary>Null before tracing begins and after it has ended.</summary>
    internal UserThread? Tracer;
    internal Tracee? NextOfTracer;
    internal Tracee? PreviousOfTracer;

    /// <summary>The number it goes by; that of the thread, which an exec may change.</summary>
    internal Pid Pid = null!;

    /// <summary>The tracer's when it attached: what a set-user-ID program may give goes by them.</summary>
    internal Credentials TracerCredentials { get; }

    public bool IsSeized { get; }

    /// <summary>PTRACE_O_*.</summary>
    internal uint Options;

    // The stop.

    /// <summary>Stands still, and waits for the tracer.</summary>
    internal bool IsStopped
    {
        get => Volatile.Read(ref _isStopped);
        set => Volatile.Write(ref _isStopped, value);
    }

    internal TraceStopKind Kind;

    /// <summary>What a wait reports as the signal: a PTRACE_EVENT in the second byte.</summary>
    internal int Code;

    /// <summary>No wait has told of the stop yet.</summary>
    internal bool IsUnreported;

    /// <summary>PTRACE_LISTEN: stopped, but no longer in the tracer's hands.</summary>
    internal bool IsListening;

    /// <summary>The tracer is at work on it; it does not leave the stop, not even when killed.</summary>
    internal bool IsHeld;

    /// <summary>What PTRACE_GETSIGINFO shows, if there is anything.</summary>
    internal SignalInfo Info;
    internal bool HasInfo;

    /// <summary>What PTRACE_GETEVENTMSG says.</summary>
    internal ulong Message;

    /// <summary>Is to stop for PTRACE_INTERRUPT or because its group stopped or went on.</summary>
    internal bool IsTrapWanted;

    /// <summary>The tracer asked for the exit of a system call that was under way before anybody watched
    /// it.</summary>
    internal bool OwesCallExit;

    /// <summary>In a system call whose exit the tracer will hear of if it wants to.</summary>
    internal bool IsInWatchedCall;

    // The way on.

    internal TraceMode Mode;

    /// <summary>The instruction at hand sets the flags; see <see cref="SingleStep.LoadsFlags"/>.</summary>
    internal bool IsNextLoadingFlags;

    /// <summary>What PTRACE_CONT gave along; 0 for no signal.</summary>
    internal int ResumeSignal;

    /// <summary>Where the thread sleeps while it is stopped.</summary>
    internal WaitQueue Resumed { get; } = new();

    // The end.

    /// <summary>The thread is gone, and the tracer has not heard of it yet. Of threads that are not the
    /// leader: a leader's end is told with the process's.</summary>
    internal bool HasEnded;
    internal WaitStatus EndStatus;
    internal ResourceUsage EndUsage;

    /// <summary>Whose RLIMIT_NPROC it still counts against.</summary>
    internal UserAccount? Account;

    /// <summary>Carries the SIGCHLD of the end.</summary>
    internal SignalEntry EndNotice { get; } = new(default);

    internal bool Has(uint option) => (Options & option) != 0;

    internal bool IsStepping => Mode is TraceMode.Step or TraceMode.EmulateStep;

    /// <summary>Has something to do before it runs its program.</summary>
    internal bool HasWork => IsTrapWanted || OwesCallExit;

    internal bool IsLeader => ReferenceEquals(Pid, Thread.Process.Pid);
}
