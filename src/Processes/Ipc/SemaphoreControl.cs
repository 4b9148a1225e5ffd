using System;
using System.Runtime.InteropServices;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>semctl(2).</summary>
/// <errors>EINVAL: no such set, semaphore or command. EACCES. EPERM. EFAULT. ERANGE: a value. EIDRM.
/// ENOMEM.</errors>
/// <source>semctl(2)</source>
public static class SemaphoreControl
{
    // What Linux answers for limits that it does not have.
    private const int UndoBytes = 20;

    /// <param name="argument">A value or an address, by the command.</param>
    public static SyscallResult Invoke(UserThread caller, int id, int number, int command, ulong argument)
    {
        if (id < 0) return Errno.EINVAL;
        UserAddress buffer = new(argument);
        switch (command)
        {
            case ShmBits.IPC_INFO:
            case ShmBits.SEM_INFO:
                return GetInfo(buffer, command == ShmBits.SEM_INFO);
            case ShmBits.IPC_STAT:
            case ShmBits.SEM_STAT:
            case ShmBits.SEM_STAT_ANY:
                return GetState(caller, id, command, buffer);
            case ShmBits.GETALL:
            case ShmBits.SETALL:
                return DoAll(caller, id, command == ShmBits.SETALL, buffer);
            case ShmBits.GETVAL:
            case ShmBits.GETPID:
            case ShmBits.GETNCNT:
            case ShmBits.GETZCNT:
                return GetOne(caller, id, number, command);
            case ShmBits.SETVAL:
                return SetOne(caller, id, number, (int)argument);
            case ShmBits.IPC_SET:
                return Set(caller, id, buffer);
            case ShmBits.IPC_RMID:
                return IpcRules.TryFindToChange(
                    SemaphoreSets.Table, id, caller.Credentials, out SemaphoreSet? doomed, out Errno error)
                    ? SemaphoreSets.Remove(doomed)
                    : error;
            default:
                return Errno.EINVAL;
        }
    }

    private static SyscallResult GetInfo(UserAddress buffer, bool isUse)
    {
        SemInfo info = new()
        {
            semmni = IpcLimits.Sets,
            semmns = IpcLimits.Semaphores,
            semmsl = IpcLimits.SemaphoresOfSet,
            semopm = IpcLimits.OperationsOfCall,
            semvmx = IpcLimits.GreatestValue,
            semmap = 1_024_000_000,
            semmnu = 1_024_000_000,
            semume = 500,
            semusz = isUse ? SemaphoreSets.Table.Count : UndoBytes,
            semaem = isUse ? SemaphoreSets.Semaphores : IpcLimits.GreatestValue,
        };
        return UserMemory.TryWrite(buffer, info) ? SemaphoreSets.Table.HighestSlot : Errno.EFAULT;
    }

    private static SyscallResult GetState(UserThread caller, int id, int command, UserAddress buffer)
    {
        bool isSlot = command != ShmBits.IPC_STAT;
        if (!IpcRules.TryFindToRead(
            SemaphoreSets.Table, id, isSlot, command == ShmBits.SEM_STAT_ANY, caller.Credentials,
            out SemaphoreSet? set, out Errno error)) return error;

        set.Describe(out SemidDs state);
        if (!UserMemory.TryWrite(buffer, state)) return Errno.EFAULT;
        return isSlot ? set.Id : 0;
    }

    private static SyscallResult Set(UserThread caller, int id, UserAddress buffer)
    {
        if (!UserMemory.TryRead(buffer, out SemidDs given)) return Errno.EFAULT;
        return IpcRules.TryFindToChange(
            SemaphoreSets.Table, id, caller.Credentials, out SemaphoreSet? set, out Errno error)
            ? set.SetOwner(given.sem_perm)
            : error;
    }

    private static bool TryFind(UserThread caller, int id, uint wanted, out SemaphoreSet set, out Errno error)
    {
        bool isFound = SemaphoreSets.Table.TryFind(id, out SemaphoreSet? found, out error);
        set = found!;
        if (!isFound) return false;
        if (!found!.Allows(caller.Credentials, wanted)) error = Errno.EACCES;
        return error == Errno.None;
    }

    private static SyscallResult GetOne(UserThread caller, int id, int number, int command)
    {
        if (!TryFind(caller, id, IpcRules.ReadAll, out SemaphoreSet set, out Errno error)) return error;
        using SleepLock.Guard guard = set.Lock.Acquire();
        if (set.IsRemoved) return Errno.EIDRM;
        if ((uint)number >= (uint)set.Count) return Errno.EINVAL;
        return command switch
        {
            ShmBits.GETVAL => set[number].Value,
            ShmBits.GETPID => set[number].LastPid,
            _ => set.CountWaitersLocked(number, forZero: command == ShmBits.GETZCNT),
        };
    }

    private static SyscallResult SetOne(UserThread caller, int id, int number, int value)
    {
        if (value is < 0 or > IpcLimits.GreatestValue) return Errno.ERANGE;
        if (!SemaphoreSets.Table.TryFind(id, out SemaphoreSet? set, out Errno error)) return error;
        if ((uint)number >= (uint)set.Count) return Errno.EINVAL;
        if (!set.Allows(caller.Credentials, IpcRules.WriteAll)) return Errno.EACCES;

        using SleepLock.Guard guard = set.Lock.Acquire();
        if (set.IsRemoved) return Errno.EIDRM;
        Assign(set, number, (ushort)value, caller.Process.Id);
        set.NoteChange();
        set.ServeLocked();
        return 0;
    }

    private static SyscallResult DoAll(UserThread caller, int id, bool sets, UserAddress buffer)
    {
        uint wanted = sets ? IpcRules.WriteAll : IpcRules.ReadAll;
        if (!TryFind(caller, id, wanted, out SemaphoreSet set, out Errno error)) return error;
        if (!LargeArray.TryReserve((long)set.Count * sizeof(ushort)) || !KernelObjects.MayCreate()) return Errno.ENOMEM;
        ushort[] values = new ushort[set.Count];
        return sets ? SetAll(caller, set, values, buffer) : GetAll(set, values, buffer);
    }

    private static SyscallResult GetAll(SemaphoreSet set, ushort[] values, UserAddress buffer)
    {
        using (SleepLock.Guard guard = set.Lock.Acquire())
        {
            if (set.IsRemoved) return Errno.EIDRM;
            for (int i = 0; i < values.Length; i++) values[i] = set[i].Value;
        }

        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values.AsSpan());
        return UserMemory.CopyOut(buffer, bytes) == bytes.Length ? 0 : Errno.EFAULT;
    }

    private static SyscallResult SetAll(UserThread caller, SemaphoreSet set, ushort[] values, UserAddress buffer)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(values.AsSpan());
        if (UserMemory.CopyIn(bytes, buffer) != bytes.Length) return Errno.EFAULT;
        foreach (ushort value in values)
        {
            if (value > IpcLimits.GreatestValue) return Errno.ERANGE;
        }

        using SleepLock.Guard guard = set.Lock.Acquire();
        if (set.IsRemoved) return Errno.EIDRM;
        for (int i = 0; i < values.Length; i++) Assign(set, i, values[i], caller.Process.Id);
        set.NoteChange();
        set.ServeLocked();
        return 0;
    }

    private static void Assign(SemaphoreSet set, int number, ushort value, int pid)
    {
        set.ForgetUndoLocked(number);
        set[number].Value = value;
        set[number].LastPid = pid;
    }
}
