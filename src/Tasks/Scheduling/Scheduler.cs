using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading;
using Cashew.Machine;

namespace Cashew.Tasks;

/// <summary>
/// Decides who runs. The kernel is not preempted: threads switch when they block, yield, or go back to user
/// mode after somebody asked for it. Nothing here allocates or takes more than spin locks.
/// </summary>
[EagerStaticClassConstruction] // interrupt handlers come here
public static class Scheduler
{
    private static readonly PerCpu<RunQueue> s_queues = new(static cpu => new RunQueue(cpu));

    /// <summary>Switches since boot, all processors.</summary>
    public static long SwitchCount
    {
        get
        {
            long total = 0;
            for (int cpu = 0; cpu < Cpu.Count; cpu++)
            {
                total += s_queues[cpu].SwitchCount;
            }

            return total;
        }
    }

    /// <summary>Runnable threads, running ones included, all processors.</summary>
    public static int RunnableCount
    {
        get
        {
            int total = 0;
            for (int cpu = 0; cpu < Cpu.Count; cpu++)
            {
                using (s_queues[cpu].Lock.Acquire())
                {
                    total += s_queues[cpu].RunnableCount;
                }
            }

            return total;
        }
    }

    /// <summary>The same without locks, for statistics.</summary>
    internal static int RunnableEstimate
    {
        get
        {
            int total = 0;
            for (int cpu = 0; cpu < Cpu.Count; cpu++)
            {
                total += s_queues[cpu].RunnableCount;
            }

            return total;
        }
    }

    /// <summary>Somebody else should run; noticed on the way to user mode and at
    /// <see cref="RescheduleIfWanted"/>.</summary>
    public static bool IsRescheduleWanted => s_queues.Current.IsRescheduleWanted;

    /// <summary>Time a processor had nothing to do.</summary>
    public static Nanoseconds IdleTimeOf(int cpu)
    {
        RunQueue queue = s_queues[cpu];
        using (queue.Lock.Acquire())
        {
            Nanoseconds current = queue.Running == queue.Idle ? Clock.Monotonic - queue.ChargedUntil : Nanoseconds.Zero;
            return queue.IdleTime + current;
        }
    }

    /// <summary>Turns the boot code into the idle thread of this processor and never returns.</summary>
    /// <param name="first">Made runnable once threads exist.</param>
    /// <param name="idleWork">Called before every halt: may look for something useful to do.</param>
    [DoesNotReturn]
    public static void Run(Thread first, IdleWork idleWork)
    {
        IdleThread idle = new(idleWork);
        if (!idle.TryAdoptBootStack())
        {
            Panic.Stop("no memory for the idle thread");
        }

        Cpu.DisableInterrupts();
        Thread.SetCurrent(idle);
        s_queues.Current.StartWith(idle);
        WakeRelay.PassAllOn();
        _ = ProcessorTimes.Of(Cpu.CurrentId);
        if (Cpu.CurrentId == 0)
        {
            LoadAverage.Start();
        }

        first.Start();
        idle.Loop();
    }

    /// <summary>Lets others run; returns when it is this thread's turn again.</summary>
    /// <source>sched_yield(2).</source>
    public static void Yield() => Switch(stays: true, gaveUp: true);

    /// <summary>At explicit points of long work: makes room if somebody waits for it.</summary>
    public static void RescheduleIfWanted()
    {
        if (IsRescheduleWanted)
        {
            Switch(stays: true, gaveUp: false);
        }
    }

    /// <summary>Changes how a thread competes. The caller has checked the ranges.</summary>
    /// <source>
    /// sched(7): in line for a real-time priority, a thread that is raised goes to the end, one that is
    /// lowered to the front, and one whose priority stays keeps its place.
    /// </source>
    public static void SetPolicy(Thread thread, SchedulingPolicy policy, int realtimePriority, int nice)
    {
        thread.Entity.OwnPolicy = policy;
        thread.Entity.OwnPriority = realtimePriority;
        Recompete(thread, nice);
    }

    /// <summary>Lends a thread a real-time priority, until it is lent another one, or 0. It counts only while
    /// it is higher than its own.</summary>
    /// <locking>Whoever lends sees to it that one at a time does.</locking>
    public static void Lend(Thread thread, int realtimePriority)
    {
        if (thread.Entity.LentPriority == realtimePriority) return;
        thread.Entity.LentPriority = realtimePriority;
        Recompete(thread, thread.Entity.Nice);
    }

    private static void Recompete(Thread thread, int nice)
    {
        SchedulingEntity entity = thread.Entity;
        bool isLent = entity.LentPriority > (IsRealtime(entity.OwnPolicy) ? entity.OwnPriority : 0);
        SchedulingPolicy policy = isLent ? SchedulingPolicy.Fifo : entity.OwnPolicy;
        int realtimePriority = isLent ? entity.LentPriority : entity.OwnPriority;
        RunQueue queue = s_queues[thread.Processor];
        using (queue.Lock.Acquire())
        {
            Nanoseconds now = Clock.Monotonic;
            queue.ChargeLocked(now);
            bool isRunning = queue.Running == thread;
            bool isMoved = queue.IsWaitingLocked(thread) && !KeepsPlace(thread, policy, realtimePriority);
            bool isLowered = IsRealtime(policy) && realtimePriority < thread.Entity.RealtimePriority;
            if (isMoved)
            {
                queue.DequeueLocked(thread);
            }
            else if (isRunning)
            {
                queue.LeaveLocked(thread);
            }

            if (!IsRealtime(thread.Entity.Policy)) thread.Entity.BurstStart = thread.AccumulatedTime;
            thread.Entity.Policy = policy;
            thread.Entity.RealtimePriority = realtimePriority;
            thread.Entity.Nice = nice;
            thread.Entity.Weight = FairQueue.WeightOf(entity.OwnPolicy, nice);
            if (isMoved)
            {
                queue.EnqueueLocked(thread, now, atFront: isLowered);
            }
            else if (isRunning)
            {
                queue.JoinLocked(thread);
            }
        }

        RequestAttentionIfWanted(queue);
    }

    public static SchedulingPolicy PolicyOf(Thread thread) => thread.Entity.OwnPolicy;

    public static int RealtimePriorityOf(Thread thread) => thread.Entity.OwnPriority;

    /// <summary>The real-time priority it competes with now, its own or lent; 0 for a thread of the fair
    /// class.
    /// </summary>
    public static int EffectivePriorityOf(Thread thread) =>
        IsRealtime(thread.Entity.Policy) ? thread.Entity.RealtimePriority : 0;

    /// <summary>How long a real-time thread has run since it last waited for something; to yield is not to
    /// wait.</summary>
    public static Nanoseconds RealtimeBurstOf(Thread thread)
    {
        using SpinLock.Guard guard = LockOf(thread).Acquire();
        return thread.IsBlocked ? Nanoseconds.Zero : CpuTimeLocked(thread) - thread.Entity.BurstStart;
    }

    /// <summary>How long a thread has waited for a processor, and how often it got one.</summary>
    public static Nanoseconds WaitedTimeOf(Thread thread, out long runs)
    {
        using SpinLock.Guard guard = LockOf(thread).Acquire();
        runs = thread.Entity.Runs;
        return new Nanoseconds(thread.Entity.WaitedNs);
    }

    /// <summary>The thread's place in the fair class, for who looks at it from outside.</summary>
    public static void DescribeFair(Thread thread, out long virtualTimeNs, out long weight)
    {
        using SpinLock.Guard guard = LockOf(thread).Acquire();
        virtualTimeNs = thread.Entity.VirtualTime;
        weight = thread.Entity.Weight;
    }

    public static int NiceOf(Thread thread) => thread.Entity.Nice;

    /// <summary>How long a thread of the policy runs when others wait; zero for the one that has no
    /// turns.</summary>
    /// <source>sched_rr_get_interval(2).</source>
    public static Nanoseconds TurnOf(SchedulingPolicy policy) => policy switch
    {
        SchedulingPolicy.Fifo => Nanoseconds.Zero,
        SchedulingPolicy.RoundRobin => new Nanoseconds(RealtimeQueue.TurnNs),
        _ => new Nanoseconds(FairQueue.SliceNs),
    };

    /// <summary>The hardware timer has gone off. Interrupt context; called by the kernel's entry.</summary>
    public static void TimerExpired()
    {
        Alarm.Clear();
        Nanoseconds now = Clock.Monotonic;
        TimerQueue timers = TimerQueue.OfCurrentProcessor;
        while (timers.TakeExpired(now) is { } timer)
        {
            timer.Target.Expired(timer);
        }

        RunQueue queue = s_queues.Current;
        Nanoseconds next = timers.FirstDeadline;
        using (queue.Lock.Acquire())
        {
            if (now >= queue.SliceEnd)
            {
                queue.IsRescheduleWanted = true;
            }
            else if (queue.SliceEnd < next)
            {
                next = queue.SliceEnd;
            }
        }

        if (next != Nanoseconds.Max)
        {
            Alarm.SetNoLaterThan(next);
        }

        RequestAttentionIfWanted(queue);
    }

    internal static void Start(Thread thread)
    {
        RunQueue queue = s_queues.Current;
        using (queue.Lock.Acquire())
        {
            thread.Processor = Cpu.CurrentId;
            Nanoseconds now = Clock.Monotonic;
            LoadAverage.Update(now);
            queue.EnqueueLocked(thread, now);
        }

        RequestAttentionIfWanted(queue);
    }

    /// <summary>Ends a sleep, if its mode allows this kind of wake-up; false when it did not.</summary>
    internal static bool TryWake(Thread thread, WakeReason reason, SleepMode needed)
    {
        // What the caller has changed is visible before the state is read. The other half of the bargain is
        // the barrier in Sleep.Prepare: either the sleeper sees the change, or we see that it prepares to
        // sleep.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref thread.StateWord) == (int)ThreadState.Runnable)
        {
            return false; // and when it prepares to sleep now, it will see what we changed
        }

        RunQueue queue = s_queues[thread.Processor];
        bool isWoken = true;
        using (queue.Lock.Acquire())
        {
            switch (thread.State)
            {
                case ThreadState.Preparing when reason != WakeReason.Interrupted:
                    // It will find this when it goes to block, unless it has just changed its mind: it does
                    // that without the lock. Signals it looks at itself.
                    thread.WakeReason = reason;
                    isWoken = Interlocked.CompareExchange(
                        ref thread.StateWord, (int)ThreadState.Runnable, (int)ThreadState.Preparing)
                        == (int)ThreadState.Preparing;
                    break;
                case ThreadState.Blocked when thread.IsWakeableBy(needed):
                    thread.WakeReason = reason;
                    Volatile.Write(ref thread.StateWord, (int)ThreadState.Runnable);
                    Nanoseconds now = Clock.Monotonic;
                    LoadAverage.Update(now);
                    queue.EnqueueLocked(thread, now);
                    break;
                default:
                    isWoken = false;
                    break;
            }
        }

        RequestAttentionIfWanted(queue);
        return isWoken;
    }

    /// <summary>Goes to sleep, unless woken since <see cref="Sleep.Prepare"/>.</summary>
    internal static WakeReason Block(SleepMode mode, Nanoseconds deadline)
    {
        Thread self = Thread.Current;
        if (mode == SleepMode.Interruptible ? self.IsInterruptRequested : mode == SleepMode.Killable && self.IsKillRequested)
        {
            bool wasWoken = self.State == ThreadState.Runnable;
            Sleep.CancelPrepare();
            return wasWoken ? WakeReason.Woken : WakeReason.Interrupted;
        }

        if (deadline != Nanoseconds.Max)
        {
            if (deadline <= Clock.Monotonic)
            {
                bool wasWoken = self.State == ThreadState.Runnable;
                Sleep.CancelPrepare();
                return wasWoken ? WakeReason.Woken : WakeReason.TimedOut;
            }

            self.SleepTimer!.Arm(deadline);
        }

        RunQueue queue = s_queues.Current;
        Cpu.DisableInterrupts();
        bool sleeps;
        Nanoseconds now = Clock.Monotonic;
        using (queue.Lock.Acquire())
        {
            sleeps = self.State == ThreadState.Preparing && !IsSignaled(self, mode);
            if (sleeps)
            {
                self.SleepMode = mode;
                LoadAverage.Update(now);
                Volatile.Write(ref self.StateWord, (int)ThreadState.Blocked);
            }
            else if (self.State == ThreadState.Preparing)
            {
                self.WakeReason = WakeReason.Interrupted;
                Sleep.CancelPrepare();
            }
        }

        if (sleeps)
        {
            self.VoluntarySwitches++;
            SwitchAway(queue, now, stays: false, gaveUp: false);
        }

        Cpu.EnableInterrupts();
        if (deadline != Nanoseconds.Max)
        {
            _ = self.SleepTimer!.Cancel();
        }

        return self.WakeReason;
    }

    [DoesNotReturn]
    internal static void ExitCurrent()
    {
        Thread self = Thread.Current;
        Cpu.DisableInterrupts();
        _ = self.SleepTimer!.Cancel();
        self.IsDead = true;
        Nanoseconds now = Clock.Monotonic;
        LoadAverage.Update(now);
        SwitchAway(s_queues.Current, now, stays: false, gaveUp: false);
        Panic.Stop("a dead thread was run");
    }

    /// <summary>First thing after a switch, on the new stack: lets go of the thread that was left.</summary>
    internal static void FinishSwitch()
    {
        RunQueue queue = s_queues.Current;
        Thread? previous = queue.Previous;
        queue.Previous = null;
        if (previous is null)
        {
            return;
        }

        Volatile.Write(ref previous.IsOnProcessor, false);
        if (previous.IsDead)
        {
            previous.Context.Release();
            previous.OnReaped();
        }
    }

    /// <summary>A running thread has something to look at before it goes back to user mode.</summary>
    internal static void RequestAttention(Thread thread)
    {
        if (Thread.HasCurrent && thread == Thread.Current)
        {
            Cpu.RequestAttention();
            return;
        }

        // Either it has been chosen to run already, or whoever chooses it sees what it wants: the lock
        // decides.
        RunQueue queue = s_queues[thread.Processor];
        bool isRunning;
        using (queue.Lock.Acquire())
        {
            isRunning = queue.Running == thread;
        }

        if (isRunning)
        {
            Cpu.RequestAttention(queue.Processor);
        }
    }

    internal static Nanoseconds CpuTimeOf(Thread thread)
    {
        using SpinLock.Guard guard = LockOf(thread).Acquire();
        return CpuTimeLocked(thread);
    }

    internal static SpinLock LockOf(Thread thread) => s_queues[thread.Processor].Lock;

    internal static Nanoseconds CpuTimeLocked(Thread thread)
    {
        RunQueue queue = s_queues[thread.Processor];
        Nanoseconds current = queue.Running == thread ? Clock.Monotonic - queue.ChargedUntil : Nanoseconds.Zero;
        return thread.AccumulatedTime + current;
    }

    /// <summary>The idle thread looks for work. Interrupts are off.</summary>
    internal static bool TryLeaveIdle()
    {
        RunQueue queue = s_queues.Current;
        if (queue.WaitingCount == 0)
        {
            return false;
        }

        SwitchAway(queue, Clock.Monotonic, stays: true, gaveUp: false);
        return true;
    }

    private static bool IsRealtime(SchedulingPolicy policy) =>
        policy is SchedulingPolicy.Fifo or SchedulingPolicy.RoundRobin;

    private static bool KeepsPlace(Thread thread, SchedulingPolicy policy, int realtimePriority) =>
        IsRealtime(policy) && IsRealtime(thread.Entity.Policy) && thread.Entity.RealtimePriority == realtimePriority;

    private static bool IsSignaled(Thread self, SleepMode mode) => mode switch
    {
        SleepMode.Interruptible => self.IsInterruptRequested,
        SleepMode.Killable => self.IsKillRequested,
        _ => false,
    };

    private static void Switch(bool stays, bool gaveUp)
    {
        using (InterruptGuard.Disable())
        {
            SwitchAway(s_queues.Current, Clock.Monotonic, stays, gaveUp);
        }
    }

    /// <summary>Interrupts are off; returns when the calling thread runs again.</summary>
    private static void SwitchAway(RunQueue queue, Nanoseconds now, bool stays, bool gaveUp)
    {
        Thread previous = Thread.Current;
        Thread next;
        using (queue.Lock.Acquire())
        {
            next = queue.SwitchLocked(now, stays, gaveUp);
        }

        if (next == previous)
        {
            return;
        }

        if (stays)
        {
            previous.InvoluntarySwitches++;
        }

        // Another processor may have put it in line before it had left that processor's stack for good.
        while (Volatile.Read(ref next.IsOnProcessor))
        {
        }

        next.IsOnProcessor = true;
        next.Processor = Cpu.CurrentId;
        Thread.SetCurrent(next);
        next.PageTable?.Activate();
        if (next.WantsAttention)
        {
            Cpu.RequestAttention();
        }

        ThreadContext.Switch(previous.Context, next.Context);
        FinishSwitch();
    }

    private static void RequestAttentionIfWanted(RunQueue queue)
    {
        if (queue.IsRescheduleWanted)
        {
            Cpu.RequestAttention(queue.Processor);
        }
    }
}
