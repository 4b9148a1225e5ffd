using System.Threading;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Memory;
using Cashew.Runtime;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>System V semaphores.</summary>
/// <source>semget(2)</source>
public static class SemaphoreSets
{
    private const int BytesEach = 8;

    // Protected by the table's lock.
    private static int s_semaphores;

    internal static IpcTable<SemaphoreSet> Table { get; } = new();

    /// <summary>Semaphores of all sets together.</summary>
    internal static int Semaphores => Volatile.Read(ref s_semaphores);

    /// <summary>The id of the set with a key, made if that is wanted.</summary>
    /// <errors>EINVAL: too many or too few in a set. EEXIST, ENOENT. EACCES. ENOSPC: semmni or semmns.
    /// ENOMEM.</errors>
    /// <source>semget(2)</source>
    public static SyscallResult Get(UserThread caller, int key, int count, int flags)
    {
        if (count < 0 || count > IpcLimits.SemaphoresOfSet) return Errno.EINVAL;
        bool mayHold = LargeArray.TryReserve((long)count * BytesEach);
        Credentials credentials = caller.Credentials;
        using SleepLock.Guard guard = Table.Lock.Acquire();
        SemaphoreSet? found = Table.FindKeyLocked(key);
        if (key != ShmBits.IPC_PRIVATE)
        {
            Errno error = IpcRules.CheckExistence(found, flags);
            if (error != Errno.None) return error;
        }

        if (found is not null)
        {
            if (count > found.Count) return Errno.EINVAL;
            return found.Allows(credentials, (uint)flags) ? found.Id : Errno.EACCES;
        }

        if (count == 0) return Errno.EINVAL;
        if (s_semaphores > IpcLimits.Semaphores - count) return Errno.ENOSPC;
        if (!mayHold || !KernelObjects.MayCreateName()) return Errno.ENOMEM;
        if (Table.Count >= int.Min(IpcLimits.Sets, IpcLimits.MostObjects)) return Errno.ENOSPC;
        SemaphoreSet created = new(key, (uint)flags, credentials, count);
        Table.AddLocked(created);
        s_semaphores += count;
        return created.Id;
    }

    /// <summary>Wakes those who wait, with EIDRM.</summary>
    /// <errors>EIDRM: somebody else was faster.</errors>
    internal static Errno Remove(SemaphoreSet set)
    {
        using SleepLock.Guard guard = Table.Lock.Acquire();
        if (set.IsRemoved) return Errno.EIDRM;
        Table.RemoveLocked(set);
        s_semaphores -= set.Count;
        Collector.NoteDropped((long)set.Count * BytesEach);
        using SleepLock.Guard setGuard = set.Lock.Acquire();
        set.DropLocked();
        return Errno.None;
    }
}
