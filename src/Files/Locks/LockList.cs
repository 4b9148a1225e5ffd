using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>The locks of one kind on one file, ordered by where they begin. Those of one owner never overlap,
/// and two of one type that touch are one lock.</summary>
/// <locking>A sleeping lock: how long the list is, its users decide.</locking>
/// <source>fcntl(2), "Advisory record locking"; flock(2).</source>
internal sealed class LockList(Inode inode, bool isWhole)
{
    private readonly SleepLock _lock = new(LockRank.FileLocks);
    private readonly WaitQueue _releases = new();
    private FileLock? _first;
    private LockWaiter? _waiters;

    internal bool IsEmpty => Volatile.Read(ref _first) is null;

    internal Inode Inode { get; } = inode;

    /// <summary>Whether these are the locks of flock(2).</summary>
    internal bool IsWhole { get; } = isWhole;

    // LockLists' chain, under its lock. A list is in it while it has locks.
    internal LockList? NextList;
    internal LockList? PreviousList;
    internal long Serial;

    /// <summary>Replaces what the owner has in the range.</summary>
    /// <param name="convertsInOneStep">When not, a lock of another type is given up first, even if the wanted
    /// one cannot be had: flock(2), "Converting a lock".</param>
    /// <errors>EAGAIN: another owner's lock is in the way. EDEADLK: and it will stay there. ERESTARTSYS: a
    /// signal came first. ENOLCK: the user has too many, or there is no memory.</errors>
    internal Errno Set(LockOwner owner, in LockRequest request, bool convertsInOneStep)
    {
        while (true)
        {
            LockWaiter waiter;
            using (_lock.Acquire())
            {
                if (!convertsInOneStep && !HoldsLocked(owner, request.Type)) DropLocked(owner, LockRange.Whole, request.Account);
                FileLock? other = request.Type == LockType.None ? null : FindLocked(owner, request.Type, request.Range);
                Errno error = other is null ? ApplyLocked(owner, request) : Errno.EAGAIN;
                LockLists.Update(this, _first is not null);
                if (other is null || !request.Waits) return error;

                waiter = new LockWaiter(owner, request);
                if (!LockWaits.TryBegin(waiter, other.Owner)) return Errno.EDEADLK;
                waiter.NextInList = _waiters;
                _waiters = waiter;
            }

            LockWaiter.IsOver condition = new(waiter);
            WakeReason reason = Sleep.Until(_releases, ref condition, SleepMode.Interruptible, Nanoseconds.Max);
            if (reason == WakeReason.Woken) continue;
            using (_lock.Acquire()) ForgetLocked(waiter);
            return Errno.ERESTARTSYS;
        }
    }

    /// <summary>The first lock that would be in the way of one.</summary>
    internal bool TryFind(LockOwner owner, in LockRequest request, out LockRequest other)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        other = default;
        if (FindLocked(owner, request.Type, request.Range) is not FileLock found) return false;
        other = new LockRequest
        {
            Type = found.Type,
            Range = found.Range,
            ProcessId = found.ProcessId,
            Account = found.Account,
        };
        return true;
    }

    /// <summary>Gives up all that an owner has.</summary>
    internal void Drop(LockOwner owner)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        DropLocked(owner, LockRange.Whole, null);
        LockLists.Update(this, _first is not null);
    }

    /// <summary>Hands out locks and the waits for them, from a place in the list on.</summary>
    /// <returns>How many; fewer than there is room for at the end.</returns>
    internal int Describe(int from, Span<LockDescription> described)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        int count = 0;
        for (FileLock? held = _first; held is not null && count < described.Length; held = held.Next)
        {
            if (from > 0) from--;
            else described[count++] = new LockDescription(held);
        }

        for (LockWaiter? wait = _waiters; wait is not null && count < described.Length; wait = wait.NextInList)
        {
            if (from > 0) from--;
            else described[count++] = new LockDescription(wait);
        }

        return count;
    }

    private FileLock? FindLocked(LockOwner owner, LockType type, LockRange range)
    {
        for (FileLock? held = _first; held?.Range.First <= range.Last; held = held.Next)
        {
            if (held.Excludes(owner, type, range)) return held;
        }

        return null;
    }

    private bool HoldsLocked(LockOwner owner, LockType type)
    {
        for (FileLock? held = _first; held is not null; held = held.Next)
        {
            if (ReferenceEquals(held.Owner, owner)) return held.Type == type;
        }

        return false;
    }

    private Errno ApplyLocked(LockOwner owner, in LockRequest request)
    {
        // Counted first: from where locks go away on there must be nothing left to fail.
        CountChangesLocked(owner, request, out int added, out int removed);
        FileAccount account = request.Account;
        if (added <= removed) account.AddLocks(added);
        else if (!KernelObjects.MayCreateFile()) return Errno.ENOLCK;
        else if (!account.TryAddLocks(added)) return Errno.ENOLCK;

        LockRange range = request.Range;
        if (request.Type != LockType.None) range = AbsorbLocked(owner, request.Type, range);
        DropLocked(owner, request.Range, account);
        if (request.Type != LockType.None)
        {
            InsertLocked(new FileLock(owner, request.Type, range, request.ProcessId, account));
        }

        return Errno.None;
    }

    /// <summary>How many locks there will be more and less, counted each for itself.</summary>
    private void CountChangesLocked(LockOwner owner, in LockRequest request, out int added, out int removed)
    {
        added = request.Type == LockType.None ? 0 : 1;
        removed = 0;
        LockRange range = request.Range;
        for (FileLock? held = _first; held is not null; held = held.Next)
        {
            if (!ReferenceEquals(held.Owner, owner)) continue;
            if (held.Type == request.Type)
            {
                if (held.Range.Touches(range)) removed++;
            }
            else if (held.Range.Overlaps(range))
            {
                removed++;
                if (held.Range.First < range.First) added++;
                if (held.Range.Last > range.Last) added++;
            }
        }
    }

    /// <summary>Takes out the owner's locks of the same type that the new one takes the place of; returns the
    /// range of all of them.</summary>
    private LockRange AbsorbLocked(LockOwner owner, LockType type, LockRange range)
    {
        LockRange union = range;
        ref FileLock? link = ref _first;
        while (link is FileLock held)
        {
            if (ReferenceEquals(held.Owner, owner) && held.Type == type && held.Range.Touches(range))
            {
                union = union.Union(held.Range);
                link = held.Next;
                held.Account.RemoveLock();
            }
            else
            {
                link = ref held.Next;
            }
        }

        return union;
    }

    /// <summary>Takes a range out of the owner's locks, and tells those who wait.</summary>
    /// <param name="account">Whom what is left on the sides was counted against beforehand; null when nothing
    /// can be left.</param>
    private void DropLocked(LockOwner owner, LockRange range, FileAccount? account)
    {
        FileLock? rests = null;
        bool hasDropped = false;
        ref FileLock? link = ref _first;
        while (link is FileLock held)
        {
            if (!ReferenceEquals(held.Owner, owner) || !held.Range.Overlaps(range))
            {
                link = ref held.Next;
                continue;
            }

            // What is left of it, on one side or both, goes in anew: the list is ordered.
            link = held.Next;
            hasDropped = true;
            if (held.Range.First < range.First) rests = Rest(held, held.Range.First, range.First - 1, account!, rests);
            if (held.Range.Last > range.Last) rests = Rest(held, range.Last + 1, held.Range.Last, account!, rests);
            held.Account.RemoveLock();
        }

        while (rests is FileLock rest)
        {
            rests = rest.Next;
            InsertLocked(rest);
        }

        if (hasDropped) ReleaseWaitersLocked();
    }

    private static FileLock Rest(FileLock held, long first, long last, FileAccount account, FileLock? next)
        => new(held.Owner, held.Type, new LockRange(first, last), held.ProcessId, account) { Next = next };

    private void InsertLocked(FileLock added)
    {
        ref FileLock? link = ref _first;
        while (link is not null && link.Range.First <= added.Range.First) link = ref link.Next;
        added.Next = link;
        Volatile.Write(ref link, added);
    }

    private void ReleaseWaitersLocked()
    {
        if (_waiters is null) return;
        while (_waiters is LockWaiter waiter)
        {
            // Before they are woken, or their waits would look like part of a circle.
            _waiters = waiter.NextInList;
            LockWaits.End(waiter);
        }

        _releases.WakeAll();
    }

    private void ForgetLocked(LockWaiter waiter)
    {
        ref LockWaiter? link = ref _waiters;
        while (link is not null && !ReferenceEquals(link, waiter)) link = ref link.NextInList;
        if (link is null) return;
        link = waiter.NextInList;
        LockWaits.End(waiter);
    }
}
