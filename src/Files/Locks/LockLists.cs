using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>The lists that have locks, for /proc/locks: oldest first.</summary>
/// <locking>A sleeping lock, inside that of one list.</locking>
internal static class LockLists
{
    private static readonly SleepLock s_lock = new(LockRank.FileLockLists);
    private static LockList? s_first;
    private static LockList? s_last;
    private static long s_lastSerial;

    /// <summary>Takes a list in, or out, as it has locks or has not.</summary>
    /// <locking>The list's lock is held, which its place here belongs to.</locking>
    internal static void Update(LockList list, bool hasLocks)
    {
        if (hasLocks == (list.Serial != 0)) return;
        using SleepLock.Guard guard = s_lock.Acquire();
        if (hasLocks) AddLocked(list);
        else RemoveLocked(list);
    }

    /// <summary>The first list that came after one, which may have gone; null at the end.</summary>
    internal static LockList? After(long serial, out long found)
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        LockList? list = s_first;
        while (list is not null && list.Serial <= serial) list = list.NextList;
        found = list?.Serial ?? serial;
        return list;
    }

    private static void AddLocked(LockList list)
    {
        list.Serial = ++s_lastSerial;
        list.PreviousList = s_last;
        if (s_last is null) s_first = list;
        else s_last.NextList = list;
        s_last = list;
    }

    private static void RemoveLocked(LockList list)
    {
        if (list.PreviousList is null) s_first = list.NextList;
        else list.PreviousList.NextList = list.NextList;
        if (list.NextList is null) s_last = list.PreviousList;
        else list.NextList.PreviousList = list.PreviousList;
        list.NextList = null;
        list.PreviousList = null;
        list.Serial = 0;
    }
}
