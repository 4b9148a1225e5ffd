using System.Threading;
using Cashew.Machine;

namespace Cashew.Tasks;

/// <summary>Mutual exclusion for longer than a few instructions: who has to wait sleeps, first come first served.</summary>
public sealed class SleepLock
{
    private readonly LockRank _rank;
    private readonly WaitQueue _waiters = new();
    private Thread? _holder;

    public SleepLock(LockRank rank)
    {
        _rank = rank;
    }

    /// <summary>Held by the calling thread?</summary>
    public bool IsHeld => Volatile.Read(ref _holder) == Thread.Current;

    public Guard Acquire() => AcquireNested(_rank);

    /// <summary>Takes the lock at another place in the order: a child's while its parent's of the same kind is held.</summary>
    public Guard AcquireNested(LockRank asRank)
    {
        Thread self = Thread.Current;
        self.HeldLocks.Enter(asRank);
        if (!TryTake(self))
        {
            Wait(self);
        }

        return new Guard(this, asRank);
    }

    /// <summary>Takes the lock if it is free.</summary>
    public bool TryAcquire(out Guard guard)
    {
        Thread self = Thread.Current;
        if (!TryTake(self))
        {
            guard = default;
            return false;
        }

        self.HeldLocks.Enter(_rank);
        guard = new Guard(this, _rank);
        return true;
    }

    private bool TryTake(Thread self) => Interlocked.CompareExchange(ref _holder, self, null) is null;

    private void Wait(Thread self)
    {
        if (_holder == self)
        {
            Panic.Stop("a sleeping lock was taken twice by one thread");
        }

        Taken condition = new(this, self);
        _ = Sleep.UntilExclusive(_waiters, ref condition, SleepMode.Uninterruptible, Nanoseconds.Max);
    }

    private void Release(LockRank rank)
    {
        Thread.Current.HeldLocks.Leave(rank);
        Volatile.Write(ref _holder, null);
        _waiters.Wake();
    }

    public readonly ref struct Guard
    {
        private readonly SleepLock? _lock;
        private readonly LockRank _rank;

        internal Guard(SleepLock sleepLock, LockRank rank)
        {
            _lock = sleepLock;
            _rank = rank;
        }

        public void Dispose() => _lock?.Release(_rank);
    }

    private readonly struct Taken(SleepLock sleepLock, Thread self) : ISleepCondition
    {
        public bool IsMet() => sleepLock.TryTake(self);
    }
}
