using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>msgctl(2).</summary>
/// <errors>EINVAL: no such queue or command. EACCES. EPERM: not the owner, or a limit above msgmnb without
/// CAP_SYS_RESOURCE. EFAULT.</errors>
/// <source>msgctl(2)</source>
public static class MessageControl
{
    // What Linux answers for limits that it does not have.
    private const int SegmentBytes = 16;
    private const ushort SegmentCount = 0xFFFF;
    private const int PoolKilobytes = 512_000;
    private const int DefaultQueueBytes = 16384;

    public static SyscallResult Invoke(UserThread caller, int id, int command, UserAddress buffer)
    {
        if (id < 0 || command < 0) return Errno.EINVAL;
        switch (command)
        {
            case ShmBits.IPC_INFO:
            case ShmBits.MSG_INFO:
                return GetInfo(buffer, command == ShmBits.MSG_INFO);
            case ShmBits.IPC_STAT:
            case ShmBits.MSG_STAT:
            case ShmBits.MSG_STAT_ANY:
                return GetState(caller, id, command, buffer);
            case ShmBits.IPC_SET:
                return Set(caller, id, buffer);
            case ShmBits.IPC_RMID:
                return IpcRules.TryFindToChange(
                    MessageQueues.Table, id, caller.Credentials, out MessageQueue? doomed, out Errno error)
                    ? MessageQueues.Remove(doomed)
                    : error;
            default:
                return Errno.EINVAL;
        }
    }

    private static SyscallResult GetInfo(UserAddress buffer, bool isUse)
    {
        MsgInfo info = new()
        {
            msgmax = IpcLimits.MessageBytes,
            msgmnb = IpcLimits.QueueBytes,
            msgmni = IpcLimits.Queues,
            msgssz = SegmentBytes,
            msgseg = SegmentCount,
            msgpool = PoolKilobytes,
            msgmap = DefaultQueueBytes,
            msgtql = DefaultQueueBytes,
        };
        if (isUse) CountUse(ref info);
        return UserMemory.TryWrite(buffer, info) ? MessageQueues.Table.HighestSlot : Errno.EFAULT;
    }

    private static void CountUse(ref MsgInfo info)
    {
        IpcTable<MessageQueue> table = MessageQueues.Table;
        ulong messages = 0;
        ulong bytes = 0;
        using SleepLock.Guard guard = table.Lock.Acquire();
        for (int slot = 0; slot <= table.HighestSlot; slot++)
        {
            if (table.At(slot) is not { } queue) continue;
            messages += queue.Count;
            bytes += queue.Bytes;
        }

        info.msgpool = table.Count;
        info.msgmap = (int)messages;
        info.msgtql = (int)bytes;
    }

    private static SyscallResult GetState(UserThread caller, int id, int command, UserAddress buffer)
    {
        bool isSlot = command != ShmBits.IPC_STAT;
        if (!IpcRules.TryFindToRead(
            MessageQueues.Table, id, isSlot, command == ShmBits.MSG_STAT_ANY, caller.Credentials,
            out MessageQueue? queue, out Errno error)) return error;

        queue.Describe(out MsqidDs state);
        if (!UserMemory.TryWrite(buffer, state)) return Errno.EFAULT;
        return isSlot ? queue.Id : 0;
    }

    private static SyscallResult Set(UserThread caller, int id, UserAddress buffer)
    {
        if (!UserMemory.TryRead(buffer, out MsqidDs given)) return Errno.EFAULT;
        if (!IpcRules.TryFindToChange(
            MessageQueues.Table, id, caller.Credentials, out MessageQueue? queue, out Errno error)) return error;
        if (given.msg_qbytes > (ulong)IpcLimits.QueueBytes && !caller.Credentials.Has(Capability.CAP_SYS_RESOURCE))
            return Errno.EPERM;

        using SleepLock.Guard guard = queue.Lock.Acquire();
        if (queue.IsRemoved) return Errno.EIDRM;
        error = queue.SetOwner(given.msg_perm);
        if (error == Errno.None) queue.SetLimitLocked(given.msg_qbytes);
        return error;
    }
}
