using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>Who waits for whom, over all files: owners are the nodes, waits the edges. A wait that would
/// close a circle would never end.</summary>
/// <locking>One sleeping lock, taken only by those who wait and by those who let waiters go on.</locking>
/// <source>fcntl(2), EDEADLK.</source>
internal static class LockWaits
{
    private static readonly SleepLock s_lock = new(LockRank.FileLockWaits);
    private static long s_searches;

    /// <summary>False: the blocker waits for the owner already, directly or through others.</summary>
    internal static bool TryBegin(LockWaiter waiter, LockOwner blocker)
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        LockOwner owner = waiter.Owner;
        if (owner.IsSearched)
        {
            if (WaitsForLocked(blocker, owner)) return false;
            waiter.NextOfOwner = owner.FirstWaiter;
            owner.FirstWaiter = waiter;
        }

        waiter.Blocker = blocker;
        return true;
    }

    /// <summary>The wait is over; nothing when it was already.</summary>
    internal static void End(LockWaiter waiter)
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        waiter.Blocker = null;
        if (!waiter.Owner.IsSearched) return;
        ref LockWaiter? link = ref waiter.Owner.FirstWaiter;
        while (link is not null && !ReferenceEquals(link, waiter)) link = ref link.NextOfOwner;
        if (link is not null) link = waiter.NextOfOwner;
    }

    private static bool WaitsForLocked(LockOwner from, LockOwner wanted)
    {
        long search = ++s_searches;
        from.VisitedIn = search;
        from.NextToVisit = null;
        LockOwner? next = from;
        while (next is LockOwner owner)
        {
            if (ReferenceEquals(owner, wanted)) return true;
            next = owner.NextToVisit;
            for (LockWaiter? wait = owner.FirstWaiter; wait is not null; wait = wait.NextOfOwner)
            {
                if (wait.Blocker is not LockOwner blocker || blocker.VisitedIn == search) continue;
                blocker.VisitedIn = search;
                blocker.NextToVisit = next;
                next = blocker;
            }
        }

        return false;
    }
}
