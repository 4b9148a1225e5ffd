using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>A set of semaphores, and those who wait for it in the order of their arrival.</summary>
/// <locking>Everything is protected by <see cref="Lock"/> but what the base class says.</locking>
/// <source>semop(2), semctl(2)</source>
public sealed class SemaphoreSet : IpcObject
{
    private readonly Semaphore[] _semaphores;
    private SemaphoreWaiter? _first;
    private SemaphoreWaiter? _last;
    private SemaphoreUndo? _undos;

    internal SemaphoreSet(int key, uint mode, Credentials creator, int count)
        : base(key, mode, creator)
    {
        _semaphores = new Semaphore[count];
    }

    internal SleepLock Lock { get; } = new(LockRank.IpcContents);

    internal int Count => _semaphores.Length;

    internal long OperationTime { get; private set; }

    internal ref Semaphore this[int number] => ref _semaphores[number];

    /// <summary>Does all of the operations or none.</summary>
    /// <param name="undo">What the caller's process takes back when it ends; for operations with
    /// SEM_UNDO.</param>
    /// <param name="blocking">The operation that has to wait.</param>
    /// <errors>EAGAIN: one has to wait. ERANGE: a value or an adjustment would be too large.</errors>
    internal Errno TryPerformLocked(
        ReadOnlySpan<Sembuf> operations, SemaphoreUndo? undo, int pid, out int blocking)
    {
        Errno error = Errno.None;
        blocking = 0;
        int done = 0;
        for (; done < operations.Length; done++)
        {
            error = TryPerform(operations[done], undo);
            if (error != Errno.None) break;
        }

        if (error == Errno.None)
        {
            foreach (Sembuf operation in operations) _semaphores[operation.sem_num].LastPid = pid;
            OperationTime = Now;
            return Errno.None;
        }

        blocking = done;
        while (done-- > 0) TakeBack(operations[done], undo);
        return error;
    }

    /// <summary>Lets those through who can go on, as often as that lets others through.</summary>
    internal void ServeLocked()
    {
        bool isAgainWanted = true;
        while (isAgainWanted)
        {
            isAgainWanted = false;
            SemaphoreWaiter? next;
            for (SemaphoreWaiter? waiter = _first; waiter is not null; waiter = next)
            {
                next = waiter.Next;
                Errno error = TryPerformLocked(waiter.Operations, waiter.Undo, waiter.Pid, out waiter.Blocking);
                if (error == Errno.EAGAIN && !waiter.MayNotWait) continue;
                isAgainWanted |= error == Errno.None && waiter.Alters;
                RemoveLocked(waiter);
                waiter.Finish(error);
            }
        }
    }

    internal void AddLocked(SemaphoreWaiter waiter)
    {
        waiter.Previous = _last;
        if (_last is null) _first = waiter;
        else _last.Next = waiter;
        _last = waiter;
    }

    internal void RemoveLocked(SemaphoreWaiter waiter)
    {
        if (waiter.Previous is null) _first = waiter.Next;
        else waiter.Previous.Next = waiter.Next;
        if (waiter.Next is null) _last = waiter.Previous;
        else waiter.Next.Previous = waiter.Previous;
        waiter.Next = null;
        waiter.Previous = null;
    }

    /// <summary>GETNCNT and GETZCNT: how many wait for the semaphore to grow, or to become zero. Who waits
    /// for several counts for the one that is in the way.</summary>
    internal int CountWaitersLocked(int number, bool forZero)
    {
        int count = 0;
        for (SemaphoreWaiter? waiter = _first; waiter is not null; waiter = waiter.Next)
        {
            Sembuf operation = waiter.Operations[waiter.Blocking];
            if (operation.sem_num == number && operation.sem_op == 0 == forZero) count++;
        }

        return count;
    }

    internal void AddUndoLocked(SemaphoreUndo undo)
    {
        undo.NextOfSet = _undos;
        if (_undos is not null) _undos.PreviousOfSet = undo;
        _undos = undo;
    }

    internal void RemoveUndoLocked(SemaphoreUndo undo)
    {
        if (undo.PreviousOfSet is null) _undos = undo.NextOfSet;
        else undo.PreviousOfSet.NextOfSet = undo.NextOfSet;
        if (undo.NextOfSet is not null) undo.NextOfSet.PreviousOfSet = undo.PreviousOfSet;
    }

    /// <summary>SETVAL and SETALL: nobody takes back what was done before.</summary>
    internal void ForgetUndoLocked(int number)
    {
        for (SemaphoreUndo? undo = _undos; undo is not null; undo = undo.NextOfSet) undo.Adjustments[number] = 0;
    }

    /// <summary>A process ends: its adjustments are made, as far as values go.</summary>
    internal void ApplyLocked(SemaphoreUndo undo, int pid)
    {
        for (int i = 0; i < _semaphores.Length; i++)
        {
            if (undo.Adjustments[i] == 0) continue;
            int value = _semaphores[i].Value + undo.Adjustments[i];
            _semaphores[i].Value = (ushort)Math.Clamp(value, 0, IpcLimits.GreatestValue);
            _semaphores[i].LastPid = pid;
        }

        OperationTime = Now;
        ServeLocked();
    }

    /// <summary>It has been removed: nobody waits any more, and nothing is taken back.</summary>
    internal void DropLocked()
    {
        while (_first is { } waiter)
        {
            RemoveLocked(waiter);
            waiter.Finish(Errno.EIDRM);
        }

        for (SemaphoreUndo? undo = _undos; undo is not null; undo = undo.NextOfSet) undo.MarkDead();
        _undos = null;
    }

    internal void Describe(out SemidDs described)
    {
        described = default;
        Describe(out described.sem_perm);
        described.sem_otime = OperationTime;
        described.sem_ctime = ChangeTime;
        described.sem_nsems = (ulong)Count;
    }

    private Errno TryPerform(in Sembuf operation, SemaphoreUndo? undo)
    {
        ref Semaphore semaphore = ref _semaphores[operation.sem_num];
        if (operation.sem_op == 0) return semaphore.Value == 0 ? Errno.None : Errno.EAGAIN;

        int value = semaphore.Value + operation.sem_op;
        if (value < 0) return Errno.EAGAIN;
        if (value > IpcLimits.GreatestValue) return Errno.ERANGE;
        if ((operation.sem_flg & ShmBits.SEM_UNDO) != 0)
        {
            int adjustment = undo!.Adjustments[operation.sem_num] - operation.sem_op;
            if (adjustment is < -IpcLimits.GreatestValue - 1 or > IpcLimits.GreatestValue) return Errno.ERANGE;
            undo.Adjustments[operation.sem_num] = (short)adjustment;
        }

        semaphore.Value = (ushort)value;
        return Errno.None;
    }

    private void TakeBack(in Sembuf operation, SemaphoreUndo? undo)
    {
        _semaphores[operation.sem_num].Value -= (ushort)operation.sem_op;
        if ((operation.sem_flg & ShmBits.SEM_UNDO) != 0)
            undo!.Adjustments[operation.sem_num] += operation.sem_op;
    }

    internal struct Semaphore
    {
        /// <summary>At most 32767.</summary>
        internal ushort Value;

        /// <summary>Who changed it last: GETPID.</summary>
        internal int LastPid;
    }
}
