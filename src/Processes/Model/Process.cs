using System.Threading;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>
/// A Linux process: the thread group, with what its threads share by definition. What clone(2) lets threads
/// share or not (descriptors, working directory, credentials) hangs off <see cref="UserThread"/>.
/// </summary>
/// <locking>
/// Place in the tree, group, state: <see cref="ProcessTree.Lock"/>. Signals and stop state: the lock inside
/// <see cref="Signals"/>. The list of threads is written under both and read under either.
/// </locking>
public sealed class Process
{
    private AddressSpace? _memory;
    private ProgramImage _image = ProgramImage.None;

    internal Process(Pid pid, SignalActions actions, ResourceLimits limits)
    {
        Pid = pid;
        SignalState = new ProcessSignals(actions);
        Limits = limits;
        Timers = new IntervalTimers(this);
    }

    public int Id => Pid.Number;

    internal Pid Pid { get; }

    public ProcessSignals SignalState { get; }

    public ResourceLimits Limits { get; internal set; }

    public IntervalTimers Timers { get; }

    /// <summary>Of its threads that are gone, and of its children that were waited for.</summary>
    public ProcessAccounting Accounting { get; } = new();

    /// <summary>Null once the last thread has left user memory for good.</summary>
    public AddressSpace? Memory
    {
        get => Volatile.Read(ref _memory);
        internal set => Volatile.Write(ref _memory, value);
    }

    /// <summary>The program it runs; replaced as a whole by an exec.</summary>
    public ProgramImage Image
    {
        get => Volatile.Read(ref _image);
        internal set => Volatile.Write(ref _image, value);
    }

    /// <summary>Monotonic time.</summary>
    public Nanoseconds StartTime { get; internal set; }

    // The tree.
    internal Process? ParentLink;
    internal UserThread? Creator;
    internal Process? FirstChild;
    internal Process? NextSibling;
    internal Process? PreviousSibling;
    internal Process? NextInGroup;
    internal Process? PreviousInGroup;
    internal ProcessState StateField;
    internal bool HasExecuted;

    /// <summary>The parent that waits for it; init when the one that made it is gone. Null for
    /// init.</summary>
    public Process? Parent => Volatile.Read(ref ParentLink);

    public ProcessState State => StateField;

    public ProcessGroup Group { get; internal set; } = null!;

    public Session Session => Group.Session;

    public bool IsSessionLeader => ReferenceEquals(Session.Pid, Pid);

    public bool IsInit => Pid.Number == InitialProcess.Id;

    /// <summary>PR_SET_CHILD_SUBREAPER: takes the place of init for its descendants.</summary>
    public bool IsSubreaper { get; set; }

    /// <summary>The control group that it is in, or was when it ended.</summary>
    /// <locking>Changes under <see cref="ProcessTree.Lock"/>.</locking>
    internal Cgroup Cgroup { get; set; } = Cgroups.Root;

    /// <summary>What it had used when it came to its group.</summary>
    internal ResourceUsage CgroupUsageStart;

    // The threads.
    internal UserThread? FirstThread;

    /// <summary>Threads that have not begun to exit.</summary>
    internal int LiveThreadCount;

    /// <summary>Threads that may still touch the memory.</summary>
    internal int MemoryUserCount;

    /// <summary>Threads in the list: live ones and those that are on their way out.</summary>
    public int ThreadCount { get; internal set; }

    // The end.

    /// <summary>What the parent is sent; 0 for none, SIGCHLD for an ordinary child.</summary>
    internal int ExitSignal;

    /// <summary>What wait4(2) reports of a zombie.</summary>
    internal WaitStatus ExitStatus;

    /// <summary>Threads that are gone, but whose tracers have not heard of it.</summary>
    internal int EndedTraceeCount;

    /// <summary>Carries the SIGCHLD of its end; made when it begins to exit, since the end allocates nothing.
    /// </summary>
    internal SignalEntry? ExitNotice;

    /// <summary>Where parents wait for their children's changes.</summary>
    internal WaitQueue ChildEvents { get; } = new();

    // What a zombie is still asked for, as its last thread left it.
    internal Credentials LastCredentials = null!;
    internal UserAccount LastAccount = null!;
    internal CommandName LastName;

    private WaitQueue? _ends;

    /// <summary>Where its end is told of; made when somebody first asks, and then told of for good.</summary>
    internal WaitQueue GetEnds()
    {
        if (Volatile.Read(ref _ends) is { } existing) return existing;
        WaitQueue made = new();
        return Interlocked.CompareExchange(ref _ends, made, null) ?? made;
    }

    /// <summary>It has become a zombie: tells those who asked for the queue before. Who asks for it now looks
    /// at the state afterwards.</summary>
    internal void TellEnd()
    {
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _ends)?.WakeAll(PollBits.POLLIN);
    }

    /// <summary>Whom others see: a living thread's credentials, or the last one's.</summary>
    public Credentials Credentials => Leader?.Credentials ?? LastCredentials;

    public CommandName Name => Leader?.Name ?? LastName;

    /// <summary>What its parent's end raises; 0 for nothing.</summary>
    /// <source>prctl(2), PR_SET_PDEATHSIG.</source>
    public int ParentDeathSignal { get; private set; }

    // Made beforehand, since the parent's end has no memory to make one.
    private SignalEntry? _parentDeathEntry;

    public void SetParentDeathSignal(int signal)
    {
        if (signal != 0) Volatile.Write(ref _parentDeathEntry, new SignalEntry(default));
        ParentDeathSignal = signal;
    }

    internal SignalEntry? TakeParentDeathEntry() => Interlocked.Exchange(ref _parentDeathEntry, null);

    /// <summary>prctl(2), PR_SET_DUMPABLE: 0, 1 or 2.</summary>
    public int Dumpable { get; set; } = 1;

    /// <summary>It has given up the terminal of its session, for itself and for the children it
    /// makes.</summary>
    /// <source>ioctl_tty(2), TIOCNOTTY.</source>
    internal bool HasNoTerminal { get; set; }

    /// <summary>The MEMBARRIER_CMD_REGISTER_* commands it has given; a new program starts with
    /// none.</summary>
    /// <source>membarrier(2).</source>
    public int MembarrierRegistrations { get; set; }

    /// <summary>proc(5), /proc/PID/oom_score_adj.</summary>
    public int OomScoreAdjustment { get; set; }

    /// <summary>The lowest that somebody without CAP_SYS_RESOURCE may set.</summary>
    internal int OomScoreLeast { get; set; }

    /// <summary>The thread whose id is the process's, or another one after it has exited.</summary>
    public UserThread? Leader => Pid.Thread ?? Volatile.Read(ref FirstThread);
}
