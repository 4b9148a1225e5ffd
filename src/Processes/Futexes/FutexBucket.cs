using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>The waiters whose keys fall together, first come first.</summary>
internal sealed class FutexBucket
{
    private FutexWaiter? _first;
    private FutexWaiter? _last;

    internal SpinLock Lock { get; } = new(LockRank.Futex);

    internal FutexWaiter? First => _first;

    internal void AddLocked(FutexWaiter waiter)
    {
        waiter.Bucket = this;
        waiter.Next = null;
        waiter.Previous = _last;
        if (_last is null) _first = waiter;
        else _last.Next = waiter;
        _last = waiter;
    }

    internal void RemoveLocked(FutexWaiter waiter)
    {
        if (waiter.Previous is null) _first = waiter.Next;
        else waiter.Previous.Next = waiter.Next;
        if (waiter.Next is null) _last = waiter.Previous;
        else waiter.Next.Previous = waiter.Previous;
        waiter.Next = null;
        waiter.Previous = null;
        waiter.Bucket = null;
    }
}
