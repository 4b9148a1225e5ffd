using System;
using System.Threading;
using Cashew.Machine;

namespace Cashew.Tasks;

/// <summary>Those who wait for something to happen to one object, in the order of their arrival.</summary>
public sealed class WaitQueue
{
    private readonly SpinLock _lock = new(LockRank.WaitQueue);

    // Protected by _lock; _first is also read without it, see Wake.
    private WaitEntry? _first;
    private WaitEntry? _last;

    public bool IsEmpty => Volatile.Read(ref _first) is null;

    public void Add(WaitEntry entry)
    {
        using (_lock.Acquire())
        {
            if (entry.Queue is not null)
            {
                Panic.Stop("a wait entry was queued twice");
            }

            entry.Queue = this;
            entry.Previous = _last;
            if (_last is not null)
            {
                _last.Next = entry;
            }
            else
            {
                _first = entry;
            }

            _last = entry;
        }
    }

    /// <summary>Takes an entry off; nothing when it is not on this queue.</summary>
    public void Remove(WaitEntry entry)
    {
        using (_lock.Acquire())
        {
            if (entry.Queue != this)
            {
                return;
            }

            if (entry.Previous is not null)
            {
                entry.Previous.Next = entry.Next;
            }
            else
            {
                _first = entry.Next;
            }

            if (entry.Next is not null)
            {
                entry.Next.Previous = entry.Previous;
            }
            else
            {
                _last = entry.Previous;
            }

            entry.Queue = null;
            entry.Next = null;
            entry.Previous = null;
        }
    }

    /// <summary>
    /// Tells those interested in the events (zero: everybody), and of the exclusive ones at most as many as
    /// said.
    /// </summary>
    public void Wake(uint events = 0, int exclusiveCount = 1)
    {
        // Whoever is about to sleep queues first and looks at the condition then; the caller has changed the
        // condition first and looks at the queue now. With a barrier on both sides one of them sees the
        // other.
        Interlocked.MemoryBarrier();
        if (IsEmpty)
        {
            return;
        }

        using (_lock.Acquire())
        {
            WaitEntry? next;
            for (WaitEntry? entry = _first; entry is not null; entry = next)
            {
                next = entry.Next;
                if (events != 0 && entry.Interest != 0 && (entry.Interest & events) == 0)
                {
                    continue;
                }

                if (entry.IsExclusive && exclusiveCount == 0)
                {
                    continue;
                }

                if (entry.OnWake(events) && entry.IsExclusive)
                {
                    exclusiveCount--;
                }
            }
        }

        WakeRelay.PassAllOn();
    }

    /// <summary>Tells everybody, exclusive or not.</summary>
    public void WakeAll(uint events = 0) => Wake(events, int.MaxValue);
}
