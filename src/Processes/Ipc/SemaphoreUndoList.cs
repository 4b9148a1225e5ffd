using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>What a process, or threads that share it (CLONE_SYSVSEM), take back when the last of them
/// ends.</summary>
/// <locking>Its lock comes before those of sets.</locking>
/// <source>semop(2), SEM_UNDO; clone(2), CLONE_SYSVSEM</source>
public sealed class SemaphoreUndoList
{
    private readonly SleepLock _lock = new(LockRank.SemaphoreUndo);
    private int _references = 1;
    private SemaphoreUndo? _first;

    internal void Retain() => _ = Interlocked.Increment(ref _references);

    /// <summary>The last one takes back what was done.</summary>
    /// <locking>Sleeps. No lock held.</locking>
    internal void Release(int pid)
    {
        if (Interlocked.Decrement(ref _references) != 0) return;

        for (SemaphoreUndo? undo = _first; undo is not null; undo = undo.NextOfList)
        {
            if (undo.Set is not { } set) continue;
            using SleepLock.Guard guard = set.Lock.Acquire();

            // It may have been removed while the lock was waited for.
            if (undo.Set is null) continue;
            set.RemoveUndoLocked(undo);
            set.ApplyLocked(undo, pid);
        }
    }

    /// <summary>The entry for a set, made if there is none.</summary>
    /// <errors>ENOMEM. EIDRM: the set has been removed.</errors>
    /// <locking>Sleeps. No lock held.</locking>
    internal Errno Find(SemaphoreSet set, out SemaphoreUndo? undo)
    {
        using (SleepLock.Guard guard = _lock.Acquire()) undo = FindLocked(set);
        if (undo is not null) return Errno.None;

        if (!LargeArray.TryReserve((long)set.Count * sizeof(short)) || !KernelObjects.MayCreate()) return Errno.ENOMEM;
        SemaphoreUndo created = new(set);
        using (SleepLock.Guard guard = _lock.Acquire())
        {
            undo = FindLocked(set);
            if (undo is not null) return Errno.None;

            using SleepLock.Guard setGuard = set.Lock.Acquire();
            if (set.IsRemoved) return Errno.EIDRM;
            set.AddUndoLocked(created);
            created.NextOfList = _first;
            _first = created;
            undo = created;
        }

        return Errno.None;
    }

    /// <summary>Also drops those whose set is gone, so that they cannot pile up.</summary>
    private SemaphoreUndo? FindLocked(SemaphoreSet set)
    {
        SemaphoreUndo? found = null;
        ref SemaphoreUndo? at = ref _first;
        while (at is not null)
        {
            if (at.Set is null)
            {
                at = at.NextOfList;
                continue;
            }

            if (ReferenceEquals(at.Set, set)) found = at;
            at = ref at.NextOfList;
        }

        return found;
    }
}
