using System.Threading;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>A thread that runs a user program: what Linux calls a task.</summary>
/// <locking>
/// Fields without a remark belong to the thread itself. Those that others read (credentials, descriptors,
/// name) refer to immutable or self-locking objects, replaced as a whole.
/// </locking>
public sealed class UserThread : Thread
{
    private Credentials _credentials;
    private DescriptorTable? _descriptors;
    private FilesystemContext? _filesystem;
    private RestartableSequence? _sequence;

    internal UserThread(
        Process process, Pid pid, Credentials credentials, DescriptorTable descriptors,
        FilesystemContext filesystem)
    {
        Process = process;
        Pid = pid;
        _credentials = credentials;
        _descriptors = descriptors;
        _filesystem = filesystem;
        Account = UserAccounts.Retain(credentials.Uid);
    }

    /// <summary>The user thread that runs on this processor. Only where no kernel thread can be.</summary>
    public static new UserThread Current => (UserThread)Thread.Current;

    public static UserThread? CurrentOrNone => Thread.HasCurrent ? Thread.Current as UserThread : null;

    public Process Process { get; }

    public int Id => Pid.Number;

    /// <summary>Monotonic time.</summary>
    public Nanoseconds StartTime { get; } = Clock.Monotonic;

    /// <summary>Changes once at most: the survivor of an exec takes the process's own number.</summary>
    internal Pid Pid;

    // The list of the process's threads; the tree lock and the signal lock to write, either to read.
    internal UserThread? NextThread;
    internal UserThread? PreviousThread;

    public CommandName Name { get; set; }

    public ThreadSignals SignalState { get; } = new();

    /// <summary>Whose limits it counts against: its real user's.</summary>
    internal UserAccount Account;

    /// <summary>The same, for what counts against a user beside open files.</summary>
    public FileAccount FileAccount => Account;

    public Credentials Credentials => Volatile.Read(ref _credentials);

    /// <summary>The open files; null of a thread that has closed them on its way out.</summary>
    public DescriptorTable? DescriptorsOrNone => Volatile.Read(ref _descriptors);

    /// <summary>The open files of the current thread, which has them as long as it runs calls.</summary>
    public DescriptorTable Descriptors
    {
        get => _descriptors!;
        internal set => Volatile.Write(ref _descriptors, value);
    }

    public FilesystemContext? FilesystemOrNone => Volatile.Read(ref _filesystem);

    public FilesystemContext Filesystem
    {
        get => _filesystem!;
        internal set => Volatile.Write(ref _filesystem, value);
    }

    /// <summary>Who asks, for all operations on files. Only of the current thread.</summary>
    public FileCaller FileCaller => new(Filesystem, Credentials);

    /// <summary>prctl(2), PR_SET_NO_NEW_PRIVS: an exec gives nothing that the caller did not have.</summary>
    public bool HasNoNewPrivileges { get; set; }

    public uint Personality { get; set; }

    /// <summary>prctl(2), PR_SET_TIMERSLACK. Kept for those who ask: timers here are not batched.</summary>
    public ulong TimerSlackNs { get; set; } = DefaultTimerSlackNs;

    public const ulong DefaultTimerSlackNs = 50_000;

    /// <summary>prctl(2), PR_MCE_KILL: kept for those who ask; no memory that fails is found here.</summary>
    public int MachineCheckPolicy { get; set; } = PrctlOption.PR_MCE_KILL_DEFAULT;

    /// <summary>prctl(2), PR_SET_IO_FLUSHER: kept for those who ask; reclaiming memory never waits for a
    /// thread.
    /// </summary>
    public bool IsIoFlusher { get; set; }

    /// <summary>ioprio_set(2): class and level. Kept for those who ask: no device here has a queue to
    /// sort.</summary>
    public int IoPriority { get; set; }

    /// <summary>SCHED_RESET_ON_FORK: what it makes does not inherit a privileged policy or nice
    /// value.</summary>
    /// <source>sched_setscheduler(2).</source>
    public bool ResetsOnFork { get; set; }

    /// <summary>What it has read and written.</summary>
    public IoCounters Io;

    /// <summary>Executes a system call: time spent now is the system's.</summary>
    public bool IsInSystemCall { get; set; }

    /// <summary>Room for paths on their way into the kernel; see <see cref="PathBytes"/>.</summary>
    private byte[]? _paths;

    /// <summary>Two buffers for paths, one after the other, kept for the next call.</summary>
    public System.Span<byte> PathBytes => _paths ??= new byte[2 * Limits.PATH_MAX];

    /// <summary>A word that is cleared, and woken as a futex, when the thread ends.</summary>
    /// <source>set_tid_address(2).</source>
    public UserAddress ClearTidAddress { get; set; }

    /// <summary>The list of robust futexes, which the end of the thread unlocks.</summary>
    /// <source>set_robust_list(2).</source>
    public UserAddress RobustListHead { get; set; }

    /// <summary>Its area for restartable sequences, if it has one.</summary>
    public RestartableSequence? Sequence
    {
        get => _sequence;
        internal set
        {
            _sequence = value;
            MindsSwitches = value is not null;
        }
    }

    /// <summary>Where the new thread's id is to be written in its own memory, before it runs.</summary>
    internal UserAddress SetTidAddress;

    /// <summary>Of init's thread, until it runs a program: which.</summary>
    internal InitialProgram? InitialProgram;

    /// <summary>A parent that waits for this thread to leave its memory.</summary>
    internal VforkRelease? Vfork;

    /// <summary>What its tracer knows of it; null when it has none. Written under the tree lock and the
    /// signal lock. </summary>
    internal Tracee? Tracee;

    /// <summary>Whom it traces; the tree lock.</summary>
    internal Tracee? FirstTracee;

    /// <summary>System calls are told of: to a tracer, or to the kernel's log.</summary>
    public bool WatchesCalls { get; internal set; } = AllWatchCalls;

    /// <summary>The boot command line wants all calls in the log. Set once, before there are
    /// programs.</summary>
    public static bool AllWatchCalls { get; set; }

    /// <summary>seccomp(2), SECCOMP_SET_MODE_STRICT.</summary>
    public bool IsSeccompStrict { get; internal set; }

    /// <summary>Which system calls it may make; null for all. See <see cref="SeccompState"/>.</summary>
    public SeccompFilter? SeccompFilter
    {
        get => Volatile.Read(ref _seccompFilter);
        internal set => Volatile.Write(ref _seccompFilter, value);
    }

    private SeccompFilter? _seccompFilter;

    /// <summary>Some system calls are not for it.</summary>
    internal bool IsRestricted => IsSeccompStrict || SeccompFilter is not null;

    /// <summary>As prctl(2), PR_GET_SECCOMP, tells it.</summary>
    public uint SeccompMode => IsSeccompStrict ? SeccompBits.SECCOMP_MODE_STRICT
        : SeccompFilter is not null ? SeccompBits.SECCOMP_MODE_FILTER : SeccompBits.SECCOMP_MODE_DISABLED;

    public bool IsTraced => Volatile.Read(ref Tracee) is not null;

    /// <summary>The trap flag among the program's flags is a tracer's: see <see
    /// cref="SingleStep"/>.</summary>
    internal bool IsStepForced;

    /// <summary>DR6 as the program's tracer sees it: what the last debug exception was for.</summary>
    public ulong DebugStatus { get; set; }

    /// <summary>The last fault, which signal frames repeat.</summary>
    public UserException LastFault { get; set; }

    /// <summary>The futex it waits on; made once, since a thread waits on one at a time.</summary>
    internal FutexWaiter FutexWaiter => _futexWaiter ??= new FutexWaiter(new WaitQueue());

    private FutexWaiter? _futexWaiter;

    // Priority inheritance; the lock of PriorityFutexes.
    internal PriorityFutex? OwnedFutexes;
    private bool _hasLeftFutexes;

    /// <summary>It is past giving up its futexes: it owns none, whatever a word says.</summary>
    internal bool HasLeftFutexes
    {
        get => Volatile.Read(ref _hasLeftFutexes);
        set => Volatile.Write(ref _hasLeftFutexes, value);
    }

    internal PriorityWaiter? PriorityWaiterOrNone { get; private set; }

    /// <summary>Its place in line for a futex with priorities; made once, as
    /// <see cref="FutexWaiter"/>.</summary>
    internal PriorityWaiter PriorityWaiter => PriorityWaiterOrNone ??= new PriorityWaiter(this);

    public long MinorFaults { get; set; }

    public long MajorFaults { get; set; }

    /// <summary>The body of the kernel thread: straight into the program.</summary>
    protected override void Main()
    {
        // The address is the parent's claim; a bad one is the parent's loss.
        if (!SetTidAddress.IsNull) _ = UserMemory.TryWrite(SetTidAddress, Id);
        if (InitialProgram is { } program) InitialExec.Run(this, program);
        InitialProgram = null;
        Context.EnterUser();
    }

    internal bool TryInitializeContext() => TryInitialize();

    /// <summary>Becomes somebody else. Counts against the new real user from now on.</summary>
    public void SetCredentials(Credentials credentials)
    {
        if (credentials.Uid != Account.Uid)
        {
            UserAccount old = Account;
            Account = UserAccounts.Retain(credentials.Uid);
            UserAccounts.Release(old);
        }

        Volatile.Write(ref _credentials, credentials);
    }

    /// <summary>Takes a copy of the descriptors if others use them, too.</summary>
    /// <source>unshare(2), CLONE_FILES.</source>
    /// <errors>ENOMEM.</errors>
    public Errno UnshareDescriptors()
    {
        DescriptorTable shared = Descriptors;
        if (!shared.IsShared) return Errno.None;
        if (!shared.TryClone(out DescriptorTable? own)) return Errno.ENOMEM;
        Descriptors = own;
        shared.Release();
        return Errno.None;
    }

    /// <source>unshare(2), CLONE_FS.</source>
    public void UnshareFilesystem()
    {
        FilesystemContext shared = Filesystem;
        if (!shared.IsShared) return;
        Filesystem = shared.Clone();
        shared.Release();
    }

    /// <summary>Mounts of its own from now on, and with them root and working directory.</summary>
    /// <errors>ENOSPC: as many namespaces as may be. ENOMEM.</errors>
    /// <source>unshare(2), CLONE_NEWNS.</source>
    public Errno UnshareMounts()
    {
        if (!Filesystem.TryCloneWithMounts(out FilesystemContext? own, out Errno error)) return error;
        ReplaceFilesystem(own);
        return Errno.None;
    }

    /// <summary>Moves to another namespace of mounts, to its root.</summary>
    /// <source>setns(2).</source>
    public void EnterMounts(MountNamespace mounts) => ReplaceFilesystem(Filesystem.CloneInto(mounts));

    private void ReplaceFilesystem(FilesystemContext own)
    {
        FilesystemContext left = Filesystem;
        Filesystem = own;
        left.Release();
    }

    // Null as long as it has none.
    private SemaphoreUndoList? _semaphoreUndo;

    /// <summary>What it takes back from System V semaphores at its end, alone or with others.</summary>
    internal SemaphoreUndoList SemaphoreUndo => _semaphoreUndo ??= new SemaphoreUndoList();

    /// <source>clone(2), CLONE_SYSVSEM.</source>
    internal void ShareSemaphoreUndo(UserThread other)
    {
        other.SemaphoreUndo.Retain();
        _semaphoreUndo = other.SemaphoreUndo;
    }

    /// <summary>Takes back what it has done to semaphores, if nobody shares that.</summary>
    /// <source>unshare(2), CLONE_SYSVSEM; and the thread's end.</source>
    public void LeaveSemaphoreUndo()
    {
        SemaphoreUndoList? left = _semaphoreUndo;
        _semaphoreUndo = null;
        left?.Release(Process.Id);
    }

    /// <summary>Gives up files and directories; the thread ends.</summary>
    internal void ReleaseFiles()
    {
        DescriptorTable? descriptors = _descriptors;
        FilesystemContext? filesystem = _filesystem;
        Volatile.Write(ref _descriptors, null);
        Volatile.Write(ref _filesystem, null);
        descriptors?.Release();
        filesystem?.Release();
    }

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    internal static void EndCurrent() => Exit();
}
