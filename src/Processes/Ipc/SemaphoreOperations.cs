using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>Changing and waiting for semaphores.</summary>
/// <source>semop(2)</source>
public static class SemaphoreOperations
{
    /// <summary>Does all operations at once, when all can be done.</summary>
    /// <errors>
    /// EFBIG: no such semaphore in the set. EACCES. EINVAL, EIDRM: the set. ERANGE. EAGAIN: IPC_NOWAIT, or
    /// the time is up.
    /// EINTR: a signal. ENOMEM.
    /// </errors>
    /// <locking>Sleeps. No lock held.</locking>
    public static Errno Perform(UserThread caller, int id, ReadOnlySpan<Sembuf> operations, Nanoseconds deadline)
    {
        if (!SemaphoreSets.Table.TryFind(id, out SemaphoreSet? set, out Errno error)) return error;
        error = Check(caller, set, operations, out bool undoes);
        if (error != Errno.None) return error;

        SemaphoreUndo? undo = null;
        if (undoes)
        {
            error = caller.SemaphoreUndo.Find(set, out undo);
            if (error != Errno.None) return error;
        }

        SemaphoreWaiter waiter;
        using (SleepLock.Guard guard = set.Lock.Acquire())
        {
            if (set.IsRemoved) return Errno.EIDRM;
            error = set.TryPerformLocked(operations, undo, caller.Process.Id, out int blocking);
            if (error == Errno.None) set.ServeLocked();
            if (error != Errno.EAGAIN || (operations[blocking].sem_flg & ShmBits.IPC_NOWAIT) != 0) return error;
            if (!KernelObjects.MayCreate()) return Errno.ENOMEM;

            waiter = new SemaphoreWaiter(operations.ToArray(), undo, caller.Process.Id) { Blocking = blocking };
            set.AddLocked(waiter);
        }

        return Wait(set, waiter, deadline);
    }

    private static Errno Check(UserThread caller, SemaphoreSet set, ReadOnlySpan<Sembuf> operations, out bool undoes)
    {
        bool alters = false;
        bool isTooBig = false;
        undoes = false;
        foreach (Sembuf operation in operations)
        {
            isTooBig |= operation.sem_num >= set.Count;
            alters |= operation.sem_op != 0;
            undoes |= (operation.sem_flg & ShmBits.SEM_UNDO) != 0;
        }

        if (isTooBig) return Errno.EFBIG;
        return set.Allows(caller.Credentials, alters ? IpcRules.WriteAll : IpcRules.ReadAll) ? Errno.None : Errno.EACCES;
    }

    private static Errno Wait(SemaphoreSet set, SemaphoreWaiter waiter, Nanoseconds deadline)
    {
        Finished condition = new(waiter);
        WakeReason reason = Sleep.Until(waiter.Queue, ref condition, SleepMode.Interruptible, deadline);
        if (waiter.IsFinished) return waiter.Result;

        using SleepLock.Guard guard = set.Lock.Acquire();
        if (waiter.IsFinished) return waiter.Result;
        set.RemoveLocked(waiter);
        return reason == WakeReason.TimedOut ? Errno.EAGAIN : Errno.EINTR;
    }

    private readonly struct Finished(SemaphoreWaiter waiter) : ISleepCondition
    {
        public bool IsMet() => waiter.IsFinished;
    }
}
