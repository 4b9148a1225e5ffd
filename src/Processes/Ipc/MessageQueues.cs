using Cashew.Abi;
using Cashew.Files;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>System V message queues.</summary>
/// <source>msgget(2)</source>
public static class MessageQueues
{
    internal static IpcTable<MessageQueue> Table { get; } = new();

    /// <summary>The id of the queue with a key, made if that is wanted.</summary>
    /// <errors>EEXIST, ENOENT. EACCES. ENOSPC: msgmni. ENOMEM.</errors>
    /// <source>msgget(2)</source>
    public static SyscallResult Get(UserThread caller, int key, int flags)
    {
        Credentials credentials = caller.Credentials;
        using SleepLock.Guard guard = Table.Lock.Acquire();
        MessageQueue? found = Table.FindKeyLocked(key);
        if (key != ShmBits.IPC_PRIVATE)
        {
            Errno error = IpcRules.CheckExistence(found, flags);
            if (error != Errno.None) return error;
        }

        if (found is not null) return found.Allows(credentials, (uint)flags) ? found.Id : Errno.EACCES;
        if (!KernelObjects.MayCreateName()) return Errno.ENOMEM;
        if (Table.Count >= int.Min(IpcLimits.Queues, IpcLimits.MostObjects)) return Errno.ENOSPC;
        MessageQueue created = new(key, (uint)flags, credentials);
        Table.AddLocked(created);
        return created.Id;
    }

    /// <summary>Drops the messages and wakes those who wait, with EIDRM.</summary>
    /// <errors>EIDRM: somebody else was faster.</errors>
    internal static Errno Remove(MessageQueue queue)
    {
        using SleepLock.Guard guard = Table.Lock.Acquire();
        if (queue.IsRemoved) return Errno.EIDRM;
        Table.RemoveLocked(queue);
        using SleepLock.Guard queueGuard = queue.Lock.Acquire();
        queue.DropLocked();
        return Errno.None;
    }
}
