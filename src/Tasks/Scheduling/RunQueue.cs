using Cashew.Machine;

namespace Cashew.Tasks;

/// <summary>One processor's runnable threads. Everything is protected by <see cref="Lock"/>.</summary>
internal sealed class RunQueue(int processor)
{
    private readonly FairQueue _fair = new();
    private readonly RealtimeQueue _realtime = new();
    private readonly RealtimeShare _share = new();
    private int _realtimeCount;

    internal SpinLock Lock { get; } = new(LockRank.RunQueue);

    internal int Processor { get; } = processor;

    internal Thread? Running { get; private set; }

    internal Thread? Idle { get; set; }

    /// <summary>When <see cref="Running"/> was last charged for its time.</summary>
    internal Nanoseconds ChargedUntil { get; private set; }

    /// <summary>When <see cref="Running"/> should make room, if others wait.</summary>
    internal Nanoseconds SliceEnd { get; private set; } = Nanoseconds.Max;

    internal bool IsRescheduleWanted { get; set; }

    /// <summary>Who left the processor and has to be marked so by the next thread; see
    /// Scheduler.FinishSwitch.</summary>
    internal Thread? Previous { get; set; }

    internal long SwitchCount { get; private set; }

    internal Nanoseconds IdleTime { get; private set; }

    /// <summary>Waiting, without the running.</summary>
    internal int WaitingCount => _fair.Count + _realtimeCount;

    /// <summary>Waiting and running, without the idle thread.</summary>
    internal int RunnableCount => WaitingCount + (Running is not null && Running != Idle ? 1 : 0);

    internal void StartWith(Thread idle)
    {
        Idle = idle;
        Running = idle;
        ChargedUntil = Clock.Monotonic;
    }

    /// <param name="atFront">Before its equals; only the real-time class has an order among them.</param>
    internal void EnqueueLocked(Thread thread, Nanoseconds now, bool atFront = false)
    {
        // Places in line are relative to what everybody has had, the running one included.
        ChargeLocked(now);
        SchedulingEntity entity = thread.Entity;
        entity.QueuedAt = now;
        if (IsRealtime(entity))
        {
            _realtime.Add(thread.Realtime, entity.RealtimePriority, atFront);
            _realtimeCount++;
        }
        else
        {
            _fair.Enqueue(entity);
        }

        if (Preempts(thread, now))
        {
            IsRescheduleWanted = true;
        }
        else if (SliceEnd == Nanoseconds.Max)
        {
            EndSolitudeLocked(now);
        }
    }

    /// <summary>Takes a waiting thread out, because its policy or weight changes.</summary>
    internal void DequeueLocked(Thread thread)
    {
        if (thread.Realtime.IsQueued)
        {
            _realtime.Remove(thread.Realtime, thread.Entity.RealtimePriority);
            _realtimeCount--;
        }
        else if (thread.Entity.IsQueued)
        {
            _fair.Dequeue(thread.Entity);
        }
    }

    /// <summary>The running thread changes class: out of the accounts of the old one.</summary>
    internal void LeaveLocked(Thread thread)
    {
        if (!IsRealtime(thread.Entity))
        {
            _fair.Leave(thread.Entity);
        }
    }

    /// <summary>And into those of the new one.</summary>
    internal void JoinLocked(Thread thread)
    {
        if (!IsRealtime(thread.Entity))
        {
            _fair.JoinRunning(thread.Entity);
        }

        IsRescheduleWanted = WaitingCount > 0;
    }

    internal bool IsWaitingLocked(Thread thread) => thread.Realtime.IsQueued || thread.Entity.IsQueued;

    /// <summary>Charges the running thread up to now.</summary>
    internal void ChargeLocked(Nanoseconds now)
    {
        // Whoever read the clock before taking the lock may come second.
        if (now <= ChargedUntil)
        {
            return;
        }

        Thread running = Running!;
        Nanoseconds elapsed = now - ChargedUntil;
        ChargedUntil = now;
        running.AccumulatedTime += elapsed;
        if (running == Idle)
        {
            IdleTime += elapsed;
        }
        else if (!IsRealtime(running.Entity))
        {
            _fair.Charge(elapsed.Value);
        }
        else
        {
            running.Entity.TurnLeftNs -= elapsed.Value;
            _share.Charge(now, elapsed);
        }
    }

    /// <summary>Puts the running thread back in line (or, when it blocks, out of it) and takes the
    /// next.</summary>
    internal Thread SwitchLocked(Nanoseconds now, bool stays, bool gaveUp)
    {
        ChargeLocked(now);
        Thread previous = Running!;
        if (previous != Idle)
        {
            previous.Entity.QueuedAt = now;
            Put(previous, stays, gaveUp);
        }

        Thread next = TakesRealtime(now) ? TakeRealtime() : _fair.Count > 0 ? _fair.TakeNext().Thread : Idle!;
        Running = next;
        IsRescheduleWanted = false;
        if (next != previous)
        {
            SwitchCount++;
            Previous = previous;
            next.Entity.Runs++;
            if (next != Idle) next.Entity.WaitedNs += (now - next.Entity.QueuedAt).Value;
        }

        if (WaitingCount > 0)
        {
            StartSliceLocked(now);
        }
        else
        {
            SliceEnd = Nanoseconds.Max;
        }

        return next;
    }

    private static bool IsRealtime(SchedulingEntity entity) =>
        entity.Policy is SchedulingPolicy.Fifo or SchedulingPolicy.RoundRobin;

    private void Put(Thread thread, bool stays, bool gaveUp)
    {
        SchedulingEntity entity = thread.Entity;
        if (!IsRealtime(entity))
        {
            if (stays)
            {
                _fair.PutBack(entity, gaveUp);
            }
            else
            {
                _fair.Leave(entity);
            }

            return;
        }

        if (stays)
        {
            // Preempted, a thread keeps its place; having yielded or used up its turn, it goes to the end.
            bool turnIsOver = entity.Policy == SchedulingPolicy.RoundRobin && entity.TurnLeftNs <= 0;
            _realtime.Add(thread.Realtime, entity.RealtimePriority, atFront: !gaveUp && !turnIsOver);
            _realtimeCount++;
        }
        else
        {
            entity.BurstStart = thread.AccumulatedTime;
        }
    }

    // The others have a right to a small part: otherwise one loop would be the end of the machine.
    private bool TakesRealtime(Nanoseconds now) => _realtimeCount > 0 && (_fair.Count == 0 || !_share.IsSpent(now));

    private Thread TakeRealtime()
    {
        _realtimeCount--;
        return _realtime.TakeNext();
    }

    private bool Preempts(Thread thread, Nanoseconds now)
    {
        Thread running = Running!;
        if (running == Idle)
        {
            return true;
        }

        bool isRealtime = IsRealtime(thread.Entity);
        if (IsRealtime(running.Entity))
        {
            return isRealtime && thread.Entity.RealtimePriority > running.Entity.RealtimePriority;
        }

        return isRealtime ? !_share.IsSpent(now) : _fair.IsUrgent(thread.Entity);
    }

    /// <summary>The running thread is no longer alone.</summary>
    private void EndSolitudeLocked(Nanoseconds now)
    {
        if (Processor == Cpu.CurrentId)
        {
            StartSliceLocked(now);
        }
        else
        {
            // Only the other processor can set its alarm; it does so when it chooses anew.
            IsRescheduleWanted = true;
        }
    }

    /// <summary>A turn that was used up while nobody waited for it begins anew.</summary>
    private static long LeftOfTurn(SchedulingEntity entity)
    {
        if (entity.TurnLeftNs <= 0)
        {
            entity.TurnLeftNs = RealtimeQueue.TurnNs;
        }

        return entity.TurnLeftNs;
    }

    private void StartSliceLocked(Nanoseconds now)
    {
        Thread running = Running!;
        SliceEnd = running == Idle ? Nanoseconds.Max
            : IsRealtime(running.Entity) ? EndOfRealtime(running.Entity, now)
            : now + new Nanoseconds(_fair.LeftOfSlice());
        if (SliceEnd != Nanoseconds.Max) Alarm.SetNoLaterThan(SliceEnd);
    }

    /// <summary>The end of its turn, if it has turns, or of what its class may have while others
    /// wait.</summary>
    private Nanoseconds EndOfRealtime(SchedulingEntity entity, Nanoseconds now)
    {
        Nanoseconds end = _fair.Count > 0 ? _share.EndFrom(now) : Nanoseconds.Max;
        if (entity.Policy == SchedulingPolicy.Fifo) return end;
        Nanoseconds turn = now + new Nanoseconds(LeftOfTurn(entity));
        return turn < end ? turn : end;
    }
}
