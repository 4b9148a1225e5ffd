using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading;
using Cashew.Machine;

namespace Cashew.Tasks;

/// <summary>
/// Something the scheduler runs: a kernel stack and a place in line. Knows nothing of Linux's processes;
/// those derive from it.
/// </summary>
/// <locking>
/// Scheduling state belongs to the lock of the run queue. <see cref="State"/> moves
/// Runnable -> Preparing (by the thread itself, <see cref="Sleep.Prepare"/>) -> Blocked (by itself, under the
/// lock)
/// -> Runnable (by whoever wakes it, under the lock). A wake-up that finds Preparing makes it Runnable at
/// once, and the thread then does not block: so none is lost between looking at a condition and going to
/// sleep.
/// </locking>
[EagerStaticClassConstruction] // interrupt handlers come here
public abstract class Thread : ThreadBody
{
    private static readonly PerCpu<Thread?> s_current = new();

    private ThreadContext? _context;
    private ThreadWaiter? _waiter;
    private int _interruptRequested;
    private int _killRequested;
    private int _attentionRequested;

    /// <summary>The thread that executes this.</summary>
    public static Thread Current => s_current.Current!;

    /// <summary>Is the scheduler running yet?</summary>
    public static bool HasCurrent => s_current.Current is not null;

    public ThreadContext Context => _context!;

    /// <summary>The address space it needs; null for kernel threads, which do with whatever is
    /// loaded.</summary>
    public PageTable? PageTable { get; set; }

    /// <summary>The account of <see cref="FrameCharges"/> that the frames it takes are charged to; 0 for
    /// none.</summary>
    public int FrameAccount { get; set; }

    /// <summary>How many locks of one kind it holds, of objects one inside the other: each takes the next
    /// rank.</summary>
    public int NestedLockCount { get; set; }

    /// <summary>For waiting on one queue.</summary>
    public ThreadWaiter Waiter => _waiter ??= new ThreadWaiter(this);

    /// <summary>A signal is pending: interruptible sleep ends.</summary>
    public bool IsInterruptRequested => Volatile.Read(ref _interruptRequested) != 0;

    /// <summary>A fatal signal is pending: killable sleep ends, too.</summary>
    public bool IsKillRequested => Volatile.Read(ref _killRequested) != 0;

    /// <summary>It has something to look at on its way to user mode whenever it was switched away
    /// from.</summary>
    public bool MindsSwitches { get; set; }

    /// <summary>Time on a processor, up to now.</summary>
    public Nanoseconds CpuTime => Scheduler.CpuTimeOf(this);

    /// <summary>The part of <see cref="CpuTime"/> spent in the kernel; see
    /// <see cref="Accounting"/>.</summary>
    public Nanoseconds SystemTime
    {
        get
        {
            Accounting.Split(this, out _, out Nanoseconds system);
            return system;
        }
    }

    public Nanoseconds UserTime
    {
        get
        {
            Accounting.Split(this, out Nanoseconds user, out _);
            return user;
        }
    }

    /// <summary>Switches because it blocked, and because its time was up.</summary>
    public long VoluntarySwitches { get; internal set; }

    public long InvoluntarySwitches { get; internal set; }

    /// <summary>Asleep, on its way there, or not.</summary>
    public bool IsBlocked => Volatile.Read(ref StateWord) == (int)ThreadState.Blocked;

    /// <summary>Asleep in a way that signals do not end.</summary>
    public bool IsBlockedUninterruptibly => IsBlocked && SleepMode == SleepMode.Uninterruptible;

    /// <summary>On a processor or in line for one.</summary>
    public bool IsRunnable => Volatile.Read(ref StateWord) != (int)ThreadState.Blocked && !IsDead;

    /// <summary>The processor it runs on or ran on last.</summary>
    public int Processor { get; internal set; }

    /// <summary>Processors it may run on, one bit each.</summary>
    public ulong AffinityMask { get; set; } = ulong.MaxValue;

    // The scheduler's own; see the locking remark.
    internal int StateWord;
    internal SchedulingEntity Entity;
    internal RealtimeLink Realtime;
    internal SleepMode SleepMode;
    internal WakeReason WakeReason;
    internal Timer? SleepTimer;
    internal bool IsOnProcessor;
    internal bool IsDead;
    internal Nanoseconds AccumulatedTime;
    internal long UserSamples;
    internal long SystemSamples;
    internal Nanoseconds ReportedUserTime;
    internal Nanoseconds ReportedSystemTime;
    internal HeldLocks HeldLocks;

    // For the one sleeping lock it waits for; protected by that lock's spin lock.
    internal Thread? NextInLine;
    internal bool IsInLine;
    internal bool WantsToWrite;
    internal bool WasPassedOver;

    protected Thread()
    {
        Entity = new SchedulingEntity(this);
        Realtime = new RealtimeLink(this);
    }

    internal bool WantsAttention =>
        IsInterruptRequested || Volatile.Read(ref _attentionRequested) != 0 || MindsSwitches;

    internal ThreadState State => (ThreadState)Volatile.Read(ref StateWord);

    /// <summary>What the thread does; when it returns, the thread ends.</summary>
    protected abstract void Main();

    /// <summary>
    /// The thread is gone and its stack freed. Interrupts are off and another thread's stack is under us:
    /// spin locks only, no waiting.
    /// </summary>
    public virtual void OnReaped()
    {
    }

    /// <summary>First code of the thread, on its own stack.</summary>
    public sealed override void Run()
    {
        Scheduler.FinishSwitch();
        Cpu.EnableInterrupts();
        Main();
        Exit();
    }

    /// <summary>Ends a sleep of any kind; nothing when the thread does not sleep.</summary>
    public void Wake() => _ = TryWake();

    /// <summary>Marks that a signal is pending and ends interruptible sleep.</summary>
    public void RequestInterrupt()
    {
        Volatile.Write(ref _interruptRequested, 1);
        _ = Scheduler.TryWake(this, WakeReason.Interrupted, SleepMode.Interruptible);
        Scheduler.RequestAttention(this);
    }

    /// <summary>The thread, perhaps after others have run, has something to look at before it goes back to
    /// user mode.</summary>
    public void RequestAttention()
    {
        Volatile.Write(ref _attentionRequested, 1);
        Scheduler.RequestAttention(this);
    }

    /// <summary>By the thread itself, before it looks.</summary>
    public void BeginAttention() => Volatile.Write(ref _attentionRequested, 0);

    public void ClearInterrupt() => Volatile.Write(ref _interruptRequested, 0);

    /// <summary>Marks that a fatal signal is pending and ends killable sleep.</summary>
    public void RequestKill()
    {
        Volatile.Write(ref _killRequested, 1);
        Volatile.Write(ref _interruptRequested, 1);
        _ = Scheduler.TryWake(this, WakeReason.Interrupted, SleepMode.Killable);
        Scheduler.RequestAttention(this);
    }

    /// <summary>-20 to 19.</summary>
    public int Nice
    {
        get => Entity.Nice;
        set => Scheduler.SetPolicy(this, Entity.OwnPolicy, Entity.OwnPriority, value);
    }

    /// <summary>Competes like its parent, and where it may. Before the thread is started.</summary>
    /// <param name="resets">SCHED_RESET_ON_FORK: no real-time policy and no negative nice value is
    /// inherited.</param>
    public void InheritScheduling(Thread parent, bool resets)
    {
        SchedulingEntity from = parent.Entity;
        bool isRealtime = from.OwnPolicy is SchedulingPolicy.Fifo or SchedulingPolicy.RoundRobin;
        Entity.OwnPolicy = resets && isRealtime ? SchedulingPolicy.Fair : from.OwnPolicy;
        Entity.OwnPriority = resets ? 0 : from.OwnPriority;
        Entity.Policy = Entity.OwnPolicy;
        Entity.RealtimePriority = Entity.OwnPriority;
        Entity.Nice = resets && from.Nice < 0 ? 0 : from.Nice;
        Entity.Weight = FairQueue.WeightOf(Entity.Policy, Entity.Nice);
        AffinityMask = parent.AffinityMask;
    }

    /// <summary>Makes a new thread runnable, for the first time.</summary>
    public void Start() => Scheduler.Start(this);

    /// <summary>Gives up what <see cref="TryInitialize"/> made, for a thread that was never
    /// started.</summary>
    public void Abandon()
    {
        _context?.Release();
        _context = null;
    }

    /// <summary>Makes stack and processor state; false when there is no memory.</summary>
    protected bool TryInitialize()
    {
        SleepTimer ??= new Timer(new SleepTimeout(this));
        _ = Waiter;
        return _context is not null || ThreadContext.TryCreate(this, out _context);
    }

    /// <summary>Makes the running boot code this thread.</summary>
    internal bool TryAdoptBootStack()
    {
        SleepTimer ??= new Timer(new SleepTimeout(this));
        return ThreadContext.TryAdopt(this, out _context);
    }

    internal static void SetCurrent(Thread thread) => s_current.Current = thread;

    internal bool IsWakeableBy(SleepMode needed) => needed switch
    {
        // A wake-up proper ends any sleep; a signal only those that allow it.
        SleepMode.Uninterruptible => true,
        SleepMode.Interruptible => SleepMode == SleepMode.Interruptible,
        _ => SleepMode is SleepMode.Interruptible or SleepMode.Killable,
    };

    /// <summary>The same; false when the thread did not sleep.</summary>
    internal bool TryWake() => Scheduler.TryWake(this, WakeReason.Woken, SleepMode.Uninterruptible);

    /// <summary>Ends the calling thread.</summary>
    [DoesNotReturn]
    protected static void Exit() => Scheduler.ExitCurrent();

    private sealed class SleepTimeout(Thread thread) : TimerTarget
    {
        public override void Expired(Timer timer) =>
            _ = Scheduler.TryWake(thread, WakeReason.TimedOut, SleepMode.Uninterruptible);
    }
}
