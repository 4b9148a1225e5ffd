using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>
/// Futexes with priority inheritance: the word holds the owner's thread id, so that the kernel knows whom to
/// lend the priority of those who wait, and hands the futex over itself.
/// </summary>
/// <remarks>
/// The word is what programs see and may change at will; who owns what is kept here, and a word that says
/// otherwise is EINVAL. A futex is known here only while somebody waits.
/// </remarks>
/// <locking>
/// One sleeping lock for all: user memory is read and written under it, and chains of owners run through many
/// futexes.
/// Nobody comes here who finds a lock free.
/// </locking>
/// <source>futex(2), "Priority-inheritance futexes".</source>
public static class PriorityFutexes
{
    private static readonly SleepLock s_lock = new(LockRank.PriorityFutexes);

    /// <summary>Waits until the futex belongs to the caller.</summary>
    /// <errors>
    /// EDEADLK: it does already, or its owner waits for the caller. ESRCH: no thread has the id in the word.
    /// EINVAL: the word is not what it should be, or others wait without priorities. ETIMEDOUT. EFAULT.
    /// ENOMEM.
    /// ERESTARTNOINTR: a signal came first.
    /// </errors>
    public static Errno Lock(FutexScope scope, UserAddress at, Nanoseconds deadline)
    {
        UserThread caller = UserThread.Current;
        if (!FutexKey.TryCreate(scope, at, out FutexKey key, out Errno error)) return error;
        PriorityWaiter waiter = caller.PriorityWaiter;
        using (SleepLock.Guard guard = s_lock.Acquire())
        {
            error = TryTakeLocked(caller, at, key, out PriorityFutex? futex);
            if (error != Errno.None || futex is null) return error;
            WaitForLocked(waiter, futex);
        }

        GrantedCondition condition = new(waiter);
        WakeReason reason = Sleep.Until(waiter.Queue, ref condition, SleepMode.Interruptible, deadline);
        using (SleepLock.Guard guard = s_lock.Acquire())
        {
            if (waiter.IsGranted) return RepairLocked(waiter, at, key);
            GiveUpLocked(waiter);
            return reason == WakeReason.TimedOut ? Errno.ETIMEDOUT : Errno.ERESTARTNOINTR;
        }
    }

    /// <errors>EAGAIN: somebody else has it. The rest as <see cref="Lock"/>.</errors>
    public static Errno TryLock(FutexScope scope, UserAddress at)
    {
        if (!FutexKey.TryCreate(scope, at, out FutexKey key, out Errno error)) return error;
        using SleepLock.Guard guard = s_lock.Acquire();
        error = TryTakeLocked(UserThread.Current, at, key, out PriorityFutex? futex);
        if (error != Errno.None || futex is null) return error;
        DropIfUnusedLocked(futex);
        return Errno.EAGAIN;
    }

    /// <summary>Hands the futex to whoever is first in line, or frees it.</summary>
    /// <errors>EPERM: the word names another owner. EINVAL: so does the kernel. EFAULT.</errors>
    public static Errno Unlock(FutexScope scope, UserAddress at)
    {
        UserThread caller = UserThread.Current;
        // As on Linux before anything else, alignment included.
        if (!UserMemory.TryRead(at, out uint first)) return Errno.EFAULT;
        if ((first & FutexBits.FUTEX_TID_MASK) != (uint)caller.Id) return Errno.EPERM;
        if (!FutexKey.TryCreate(scope, at, out FutexKey key, out Errno error)) return error;
        using SleepLock.Guard guard = s_lock.Acquire();
        PriorityFutex? futex = PriorityFutexTable.Find(key);
        if (futex is null && FutexTable.HasWaiters(key)) return Errno.EINVAL;
        PriorityWaiter? heir = futex?.First;
        while (true)
        {
            if (!UserMemory.TryReadAtomic(at, out uint word)) return Errno.EFAULT;
            if ((word & FutexBits.FUTEX_TID_MASK) != (uint)caller.Id) return Errno.EPERM;
            if (futex is not null && !ReferenceEquals(futex.Owner, caller)) return Errno.EINVAL;
            uint next = heir is null ? 0 : FutexBits.FUTEX_WAITERS | (uint)heir.Thread.Id;
            if (!UserMemory.TryCompareExchange(at, word, next, out uint found)) return Errno.EFAULT;
            if (found == word) break;
        }

        if (heir is not null) HandOverLocked(futex!, heir);
        return Errno.None;
    }

    /// <summary>The thread ends, or its program does: what it has goes to those in line, marked as its
    /// owner's death.
    /// </summary>
    internal static void OwnerDied(UserThread thread)
    {
        if (thread.OwnedFutexes is null) return;
        using SleepLock.Guard guard = s_lock.Acquire();
        while (thread.OwnedFutexes is { } futex)
        {
            if (futex.First is not { } heir)
            {
                futex.TakeFromOwner();
                PriorityFutexTable.Remove(futex);
                continue;
            }

            futex.IsBroken = true;
            heir.MustRepair = true;
            HandOverLocked(futex, heir);
        }
    }

    /// <summary>The thread ends: nobody can come to wait for it any more.</summary>
    internal static void ThreadEnds(UserThread thread)
    {
        // Whoever takes it for an owner looks at this afterwards.
        thread.HasLeftFutexes = true;
        Interlocked.MemoryBarrier();
        OwnerDied(thread);
    }

    /// <summary>The thread competes differently: so do those that it waits for.</summary>
    public static void PriorityChanged(UserThread thread)
    {
        if (PriorityFutexTable.IsEmpty) return;
        using SleepLock.Guard guard = s_lock.Acquire();
        SpreadLocked(thread);
    }

    /// <summary>Whether somebody is in line, so that an ordinary wake-up makes no sense.</summary>
    internal static bool HasWaiters(FutexKey key)
    {
        if (PriorityFutexTable.IsEmpty) return false;
        using SleepLock.Guard guard = s_lock.Acquire();
        return PriorityFutexTable.Find(key) is not null;
    }

    /// <summary>Waits on one word until somebody moves the caller to a second one, and then for
    /// that.</summary>
    /// <errors>EAGAIN: the first word is different, or a signal came after the move. ETIMEDOUT. EINVAL.
    /// EFAULT.
    /// ERESTARTNOINTR: a signal came before.</errors>
    /// <source>futex(2), FUTEX_WAIT_REQUEUE_PI.</source>
    public static Errno WaitForMove(
        FutexScope scope, UserAddress first, uint expected, UserAddress second, Nanoseconds deadline)
    {
        if (!FutexKey.TryCreate(scope, first, out FutexKey from, out Errno error)) return error;
        if (!FutexKey.TryCreate(scope, second, out FutexKey to, out error)) return error;
        if (from.Equals(to)) return Errno.EINVAL;
        UserThread caller = UserThread.Current;
        PriorityWaiter waiter = caller.PriorityWaiter;
        waiter.Reset();
        FutexTable.EnqueueForMove(caller, from, to);
        WakeReason reason = WakeReason.Woken;
        bool isReadable = UserMemory.TryReadAtomic(first, out uint value);
        if (isReadable && value == expected)
        {
            GrantedCondition condition = new(waiter);
            reason = Sleep.Until(waiter.Queue, ref condition, SleepMode.Interruptible, deadline);
        }
        else if (FutexTable.TryDequeue(caller.FutexWaiter))
        {
            return isReadable ? Errno.EAGAIN : Errno.EFAULT;
        }

        while (true)
        {
            if (FutexTable.TryDequeue(caller.FutexWaiter))
                return reason == WakeReason.TimedOut ? Errno.ETIMEDOUT : Errno.ERESTARTNOINTR;
            using SleepLock.Guard guard = s_lock.Acquire();
            if (waiter.IsGranted) return RepairLocked(waiter, second, to);
            // Else whoever took it out could not move it, and has put it back.
            if (waiter.Futex is null) continue;
            GiveUpLocked(waiter);
            return reason == WakeReason.TimedOut ? Errno.ETIMEDOUT : Errno.EAGAIN;
        }
    }

    /// <summary>Moves those that wait on one word for a second one to it; the first gets it if it is free.
    /// Returns how many.</summary>
    /// <errors>EAGAIN: the word is different. EINVAL: others wait there, or for another word. The rest as
    /// <see cref="Lock"/>, on behalf of the first one.</errors>
    /// <source>futex(2), FUTEX_CMP_REQUEUE_PI.</source>
    public static IoResult Move(
        FutexScope scope, UserAddress first, UserAddress second, int wakeCount, int moveCount, uint expected)
    {
        if (wakeCount != 1 || moveCount < 0) return Errno.EINVAL;
        if (!FutexKey.TryCreate(scope, first, out FutexKey from, out Errno error)) return error;
        if (!FutexKey.TryCreate(scope, second, out FutexKey to, out error)) return error;
        if (from.Equals(to)) return Errno.EINVAL;
        using SleepLock.Guard guard = s_lock.Acquire();
        if (!UserMemory.TryReadAtomic(first, out uint value)) return Errno.EFAULT;
        if (value != expected) return Errno.EAGAIN;

        long moved = 0;
        while (moved < (long)moveCount + wakeCount)
        {
            error = FutexTable.TakeForMove(from, to, out UserThread? thread);
            if (error == Errno.None && thread is null) break;
            if (error == Errno.None) error = MoveLocked(thread!, second, to);
            if (error == Errno.None) moved++;
            else if (moved > 0) break;
            else return error;
        }

        return (nint)moved;
    }

    private static Errno MoveLocked(UserThread thread, UserAddress at, FutexKey key)
    {
        Errno error = TryTakeLocked(thread, at, key, out PriorityFutex? futex);
        if (error != Errno.None)
        {
            FutexTable.PutBack(thread);
            return error;
        }

        if (futex is not null)
        {
            WaitForLocked(thread.PriorityWaiter, futex);
            return Errno.None;
        }

        thread.PriorityWaiter.IsGranted = true;
        thread.PriorityWaiter.Queue.WakeAll();
        return Errno.None;
    }

    /// <summary>Takes a free futex. Otherwise marks the word as waited for and finds what to wait for, which
    /// is kept in the table and needs a waiter, or <see cref="DropIfUnusedLocked"/>.</summary>
    private static Errno TryTakeLocked(UserThread taker, UserAddress at, FutexKey key, out PriorityFutex? futex)
    {
        futex = PriorityFutexTable.Find(key);
        while (true)
        {
            if (!UserMemory.TryReadAtomic(at, out uint word)) return Errno.EFAULT;
            uint owner = word & FutexBits.FUTEX_TID_MASK;
            if (owner == (uint)taker.Id) return Errno.EDEADLK;
            if (futex is not null)
            {
                if (!futex.IsBroken && owner != (uint)futex.Owner.Id) return Errno.EINVAL;
                return IsCircleLocked(futex, taker) ? Errno.EDEADLK : Errno.None;
            }

            if (FutexTable.HasWaiters(key)) return Errno.EINVAL;
            // A dead owner's mark stays, for the new one to see.
            uint next = owner == 0
                ? (word & FutexBits.FUTEX_OWNER_DIED) | (uint)taker.Id
                : word | FutexBits.FUTEX_WAITERS;
            if (!UserMemory.TryCompareExchange(at, word, next, out uint found)) return Errno.EFAULT;
            if (found != word) continue;
            if (owner == 0) return Errno.None;
            if (TryAddLocked((int)owner, key, out futex, out Errno error))
                return IsCircleLocked(futex!, taker) ? Refuse(ref futex) : Errno.None;
            // The owner may have ended in between, and have changed the word.
            if (!UserMemory.TryReadAtomic(at, out found)) return Errno.EFAULT;
            if (found == next) return error;
        }
    }

    private static Errno Refuse(ref PriorityFutex? futex)
    {
        DropIfUnusedLocked(futex!);
        futex = null;
        return Errno.EDEADLK;
    }

    /// <errors>ESRCH: there is no such thread, or it is past giving up what it has. ENOMEM.</errors>
    private static bool TryAddLocked(int owner, FutexKey key, out PriorityFutex? futex, out Errno error)
    {
        futex = null;
        error = Errno.ENOMEM;
        if (!KernelObjects.MayCreate()) return false;
        error = Errno.ESRCH;
        if (ProcessTree.FindThread(owner) is not { } thread) return false;
        PriorityFutex made = new(key);
        made.GiveTo(thread);
        PriorityFutexTable.Add(made);
        Interlocked.MemoryBarrier();
        if (thread.HasLeftFutexes)
        {
            made.TakeFromOwner();
            PriorityFutexTable.Remove(made);
            return false;
        }

        futex = made;
        error = Errno.None;
        return true;
    }

    private static bool IsCircleLocked(PriorityFutex futex, UserThread taker)
    {
        for (PriorityFutex? at = futex; at is not null; at = at.Owner.PriorityWaiterOrNone?.Futex)
        {
            if (ReferenceEquals(at.Owner, taker)) return true;
        }

        return false;
    }

    private static void WaitForLocked(PriorityWaiter waiter, PriorityFutex futex)
    {
        waiter.Reset();
        futex.Add(waiter, Scheduler.EffectivePriorityOf(waiter.Thread));
        SpreadLocked(futex.Owner);
    }

    private static void GiveUpLocked(PriorityWaiter waiter)
    {
        PriorityFutex futex = waiter.Futex!;
        futex.Remove(waiter);
        UserThread owner = futex.Owner;
        DropIfUnusedLocked(futex);
        SpreadLocked(owner);
    }

    private static void DropIfUnusedLocked(PriorityFutex futex)
    {
        if (futex.First is not null || futex.IsBroken) return;
        futex.TakeFromOwner();
        PriorityFutexTable.Remove(futex);
    }

    private static void HandOverLocked(PriorityFutex futex, PriorityWaiter heir)
    {
        UserThread before = futex.Owner;
        futex.TakeFromOwner();
        futex.Remove(heir);
        futex.GiveTo(heir.Thread);
        DropIfUnusedLocked(futex);
        SpreadLocked(before);
        SpreadLocked(heir.Thread);
        heir.IsGranted = true;
        heir.Queue.WakeAll();
    }

    /// <summary>Writes into the word of the new owner of a dead one's futex what has happened.</summary>
    private static Errno RepairLocked(PriorityWaiter waiter, UserAddress at, FutexKey key)
    {
        if (!waiter.MustRepair) return Errno.None;
        waiter.MustRepair = false;
        if (PriorityFutexTable.Find(key) is { } futex)
        {
            futex.IsBroken = false;
            DropIfUnusedLocked(futex);
        }

        uint wanted = FutexBits.FUTEX_OWNER_DIED | FutexBits.FUTEX_WAITERS | (uint)waiter.Thread.Id;
        while (true)
        {
            if (!UserMemory.TryReadAtomic(at, out uint word)) return Errno.EFAULT;
            if (!UserMemory.TryCompareExchange(at, word, wanted, out uint found)) return Errno.EFAULT;
            if (found == word) return Errno.None;
        }
    }

    /// <summary>Lends a thread the highest priority among those that wait for what it has, and whomever it
    /// waits for in turn. There are no circles, so this ends.</summary>
    private static void SpreadLocked(UserThread thread)
    {
        while (true)
        {
            int lent = 0;
            for (PriorityFutex? futex = thread.OwnedFutexes; futex is not null; futex = futex.NextOfOwner)
            {
                if (futex.First is { } first && first.Priority > lent) lent = first.Priority;
            }

            Scheduler.Lend(thread, lent);
            int priority = Scheduler.EffectivePriorityOf(thread);
            if (thread.PriorityWaiterOrNone is not { Futex: { } awaited } waiter || waiter.Priority == priority) return;
            awaited.Remove(waiter);
            awaited.Add(waiter, priority);
            thread = awaited.Owner;
        }
    }

    private readonly struct GrantedCondition(PriorityWaiter waiter) : ISleepCondition
    {
        public bool IsMet() => waiter.IsGranted;
    }
}
