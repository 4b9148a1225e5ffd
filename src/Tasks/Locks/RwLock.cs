using Cashew.Machine;

namespace Cashew.Tasks;

/// <summary>Many readers or one writer. A waiting writer keeps new readers out, so that it gets its turn.</summary>
public sealed class RwLock
{
    private readonly LockRank _rank;
    private readonly WaitQueue _waiters = new();
    private readonly SpinLock<Counts> _counts = new(LockRank.Poll, default);

    public RwLock(LockRank rank)
    {
        _rank = rank;
    }

    public ReadGuard Read()
    {
        Thread.Current.HeldLocks.Enter(_rank);
        ReadCondition condition = new(this);
        if (!condition.IsMet())
        {
            _ = Sleep.Until(_waiters, ref condition, SleepMode.Uninterruptible, Nanoseconds.Max);
        }

        return new ReadGuard(this);
    }

    public WriteGuard Write()
    {
        Thread.Current.HeldLocks.Enter(_rank);
        using (SpinLock<Counts>.Guard guard = _counts.Acquire())
        {
            guard.State.WaitingWriters++;
        }

        WriteCondition condition = new(this);
        if (!condition.IsMet())
        {
            _ = Sleep.Until(_waiters, ref condition, SleepMode.Uninterruptible, Nanoseconds.Max);
        }

        return new WriteGuard(this);
    }

    private bool TryRead()
    {
        using SpinLock<Counts>.Guard guard = _counts.Acquire();
        if (guard.State.IsWriting || guard.State.WaitingWriters > 0)
        {
            return false;
        }

        guard.State.Readers++;
        return true;
    }

    private bool TryWrite()
    {
        using SpinLock<Counts>.Guard guard = _counts.Acquire();
        if (guard.State.IsWriting || guard.State.Readers > 0)
        {
            return false;
        }

        guard.State.IsWriting = true;
        guard.State.WaitingWriters--;
        return true;
    }

    private void EndRead()
    {
        Thread.Current.HeldLocks.Leave(_rank);
        bool isLast;
        using (SpinLock<Counts>.Guard guard = _counts.Acquire())
        {
            isLast = --guard.State.Readers == 0;
        }

        if (isLast)
        {
            _waiters.WakeAll();
        }
    }

    private void EndWrite()
    {
        Thread.Current.HeldLocks.Leave(_rank);
        using (SpinLock<Counts>.Guard guard = _counts.Acquire())
        {
            guard.State.IsWriting = false;
        }

        _waiters.WakeAll();
    }

    public readonly ref struct ReadGuard
    {
        private readonly RwLock _lock;

        internal ReadGuard(RwLock rwLock)
        {
            _lock = rwLock;
        }

        public void Dispose() => _lock.EndRead();
    }

    public readonly ref struct WriteGuard
    {
        private readonly RwLock _lock;

        internal WriteGuard(RwLock rwLock)
        {
            _lock = rwLock;
        }

        public void Dispose() => _lock.EndWrite();
    }

    private struct Counts
    {
        internal int Readers;
        internal int WaitingWriters;
        internal bool IsWriting;
    }

    private readonly struct ReadCondition(RwLock rwLock) : ISleepCondition
    {
        public bool IsMet() => rwLock.TryRead();
    }

    private readonly struct WriteCondition(RwLock rwLock) : ISleepCondition
    {
        public bool IsMet() => rwLock.TryWrite();
    }
}
