using System.Threading;
using Cashew.Machine;

namespace Cashew.Tasks;

/// <summary>Mutual exclusion for longer than a few instructions: who has to wait sleeps, first come first
/// served.</summary>
/// <remarks>
/// A free lock goes to whoever asks first, even while somebody who was woken for it is on his way: handing it
/// over each time would make everybody wait for a switch. But to whom that has happened once, the lock is
/// handed over, so that nobody waits for ever.
/// </remarks>
public sealed class SleepLock
{
    private readonly LockRank _rank;
    private readonly SpinLock _lineLock = new(LockRank.WaitQueue);
    private WaitingLine _line; // protected by _lineLock
    private Thread? _holder;

    public SleepLock(LockRank rank)
    {
        _rank = rank;
    }

    /// <summary>Held by the calling thread?</summary>
    public bool IsHeld => Volatile.Read(ref _holder) == Thread.Current;

    public Guard Acquire() => AcquireNested(_rank);

    /// <summary>Takes the lock at another place in the order: a child's while its parent's of the same kind
    /// is held.</summary>
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

        using (_lineLock.Acquire())
        {
            self.WasPassedOver = false;
            _line.Add(self);
        }

        for (bool wasWoken = false; ; wasWoken = true)
        {
            Sleep.Prepare();
            if (TryTakeInLine(self, wasWoken))
            {
                Sleep.CancelPrepare();
                return;
            }

            _ = Sleep.Block(SleepMode.Uninterruptible, Nanoseconds.Max); // only a wake-up ends it
        }
    }

    private bool TryTakeInLine(Thread self, bool wasWoken)
    {
        using SpinLock.Guard guard = _lineLock.Acquire();
        if (_holder == self)
        {
            return true; // handed over
        }

        if (_line.First != self)
        {
            return false;
        }

        if (TryTake(self))
        {
            _line.RemoveFirst();
            return true;
        }

        self.WasPassedOver = wasWoken;
        return false;
    }

    private void Release(LockRank rank)
    {
        Thread.Current.HeldLocks.Leave(rank);
        if (_line.IsEmpty)
        {
            // A full barrier: whoever joins the line now looks at the holder afterwards, and we look at the
            // line.
            Interlocked.Exchange(ref _holder, null);
            if (_line.IsEmpty)
            {
                return;
            }
        }

        using SpinLock.Guard guard = _lineLock.Acquire();
        Thread? first = _line.First;
        bool isOurs = _holder == Thread.Current; // else it was set free above, and somebody may have it already
        if (first is { WasPassedOver: true } && isOurs)
        {
            _line.RemoveFirst();
            Volatile.Write(ref _holder, first);
        }
        else if (isOurs)
        {
            Volatile.Write(ref _holder, null);
        }

        first?.Wake();
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
}
