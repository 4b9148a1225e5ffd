using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>
/// Fast user-space locking: threads sleep on a word of memory until somebody wakes those that sleep on it.
/// </summary>
/// <remarks>
/// A waiter queues itself first and looks at the word then, so that whoever changes the word and wakes finds
/// it.
/// Linux looks under the bucket's lock instead; here user memory is never read under a spin lock. The price:
/// a waiter that finds the word changed may have been woken in that moment, and passes the wake on.
/// </remarks>
/// <locking>One spin lock a bucket, never two at once.</locking>
/// <source>futex(2), futex(7).</source>
public static class FutexTable
{
    private const int BucketBits = 8;

    private static readonly FutexBucket[] s_buckets = CreateBuckets();

    /// <summary>Sleeps while the word holds the expected value.</summary>
    /// <errors>
    /// EAGAIN: the word is different. ETIMEDOUT. EINVAL: not aligned, or no bits. EFAULT.
    /// ERESTARTSYS: a signal came first.
    /// </errors>
    public static Errno Wait(FutexScope scope, UserAddress at, uint expected, uint bits, Nanoseconds deadline)
    {
        if (bits == 0) return Errno.EINVAL;
        if (!FutexKey.TryCreate(scope, at, out FutexKey key, out Errno error)) return error;

        FutexWaiter waiter = UserThread.Current.FutexWaiter;
        Enqueue(waiter, key, bits);
        bool isReadable = UserMemory.TryReadAtomic(at, out uint value);
        if (!isReadable || value != expected)
        {
            if (!TryDequeue(waiter)) _ = WakeKey(key, 1, bits); // there is nobody to tell
            return isReadable ? Errno.EAGAIN : Errno.EFAULT;
        }

        WokenCondition condition = new(waiter);
        WakeReason reason = Sleep.Until(waiter.Queue, ref condition, SleepMode.Interruptible, deadline);
        // Woken in the last moment counts as woken: the waker has counted it.
        if (!TryDequeue(waiter)) return Errno.None;
        return reason == WakeReason.TimedOut ? Errno.ETIMEDOUT : Errno.ERESTARTSYS;
    }

    /// <summary>Wakes up to <paramref name="count"/> waiters that share a bit; returns how many.</summary>
    /// <errors>EINVAL: not aligned, or no bits. EFAULT.</errors>
    public static IoResult Wake(FutexScope scope, UserAddress at, int count, uint bits)
    {
        if (bits == 0) return Errno.EINVAL;
        if (!FutexKey.TryCreate(scope, at, out FutexKey key, out Errno error)) return error;
        // Threads in line for it with priorities wait for its owner, and not to be woken.
        return PriorityFutexes.HasWaiters(key) ? Errno.EINVAL : WakeKey(key, count, bits);
    }

    /// <summary>Wakes some waiters and makes others wait on a second word instead. Returns how many of both.
    /// </summary>
    /// <param name="expected">What the first word must hold; null not to look.</param>
    /// <errors>EAGAIN: the word is different. EINVAL: a negative count, not aligned. EFAULT.</errors>
    /// <deviation>
    /// The word is looked at before the waiters are moved, not in one step with it. Who begins to wait in
    /// between is moved, too; it will be woken with the others, one time too many rather than too few.
    /// </deviation>
    public static IoResult Requeue(
        FutexScope scope, UserAddress from, UserAddress to, int wakeCount, int moveCount, uint? expected)
    {
        if (wakeCount < 0 || moveCount < 0) return Errno.EINVAL;
        if (!FutexKey.TryCreate(scope, from, out FutexKey source, out Errno error)) return error;
        if (!FutexKey.TryCreate(scope, to, out FutexKey target, out error)) return error;
        if (expected is uint wanted)
        {
            if (!UserMemory.TryReadAtomic(from, out uint value)) return Errno.EFAULT;
            if (value != wanted) return Errno.EAGAIN;
        }

        IoResult woken = WakeKey(source, wakeCount, FutexBits.FUTEX_BITSET_MATCH_ANY);
        if (woken.IsError || source.Equals(target)) return woken;
        IoResult moved = Move(source, target, moveCount);
        return moved.IsError ? moved : woken.Value + moved.Value;
    }

    /// <summary>Changes the second word, wakes on the first, and on the second if its old value says
    /// so.</summary>
    /// <errors>ENOSYS: no such operation or comparison. EINVAL, EFAULT.</errors>
    public static IoResult WakeOperation(
        FutexScope scope, UserAddress first, UserAddress second, int firstCount, int secondCount, uint encoded)
    {
        if (!FutexKey.TryCreate(scope, first, out FutexKey firstKey, out Errno error)) return error;
        if (!FutexKey.TryCreate(scope, second, out FutexKey secondKey, out error)) return error;
        FutexOperation operation = new(encoded);
        error = operation.Apply(second, out bool isTrue);
        if (error != Errno.None) return error;

        IoResult woken = WakeKey(firstKey, firstCount, FutexBits.FUTEX_BITSET_MATCH_ANY);
        if (woken.IsError || !isTrue) return woken;
        IoResult others = WakeKey(secondKey, secondCount, FutexBits.FUTEX_BITSET_MATCH_ANY);
        return others.IsError ? others : woken.Value + others.Value;
    }

    /// <summary>Sleeps until somebody wakes one of several; <paramref name="index"/> is which.</summary>
    /// <param name="words">Where they are and what they must hold; all are aligned user addresses.</param>
    /// <errors>EAGAIN: one is different. ETIMEDOUT. EFAULT. ERESTARTSYS: a signal came first.</errors>
    /// <source>futex_waitv(2).</source>
    public static Errno WaitForAny(FutexWord[] words, Nanoseconds deadline, out int index)
    {
        FutexSet set = new(words.Length);
        for (int i = 0; i < words.Length; i++) Enqueue(set[i], words[i].Key, FutexBits.FUTEX_BITSET_MATCH_ANY);

        Errno error = Errno.None;
        for (int i = 0; i < words.Length && error == Errno.None; i++)
        {
            if (!UserMemory.TryReadAtomic(words[i].At, out uint value)) error = Errno.EFAULT;
            else if (value != words[i].Expected) error = Errno.EAGAIN;
        }

        if (error == Errno.None)
        {
            AnyCondition condition = new(set);
            WakeReason reason = Sleep.Until(set.Queue, ref condition, SleepMode.Interruptible, deadline);
            error = reason == WakeReason.TimedOut ? Errno.ETIMEDOUT : Errno.ERESTARTSYS;
        }

        // Woken in the last moment counts as woken: the waker has counted it.
        index = -1;
        for (int i = 0; i < words.Length; i++)
        {
            if (!TryDequeue(set[i])) index = i;
        }

        return index >= 0 ? Errno.None : error;
    }

    /// <summary>The thread waits to be moved to a futex with priorities.</summary>
    internal static void EnqueueForMove(UserThread thread, FutexKey key, FutexKey target)
    {
        FutexWaiter waiter = thread.FutexWaiter;
        waiter.ToBeMoved = thread;
        waiter.Target = target;
        EnqueueAs(waiter, key, FutexBits.FUTEX_BITSET_MATCH_ANY);
    }

    /// <summary>Takes the first one out that waits to be moved; null when nobody waits.</summary>
    /// <errors>EINVAL: the first one does not wait for that, or for another word.</errors>
    internal static Errno TakeForMove(FutexKey key, FutexKey target, out UserThread? thread)
    {
        FutexBucket bucket = BucketOf(key);
        thread = null;
        using SpinLock.Guard guard = bucket.Lock.Acquire();
        FutexWaiter? first = bucket.First;
        while (first is not null && !first.Key.Equals(key)) first = first.Next;
        if (first is null) return Errno.None;
        if (first.ToBeMoved is null || !first.Target.Equals(target)) return Errno.EINVAL;
        bucket.RemoveLocked(first);
        first.IsQueued = false;
        thread = first.ToBeMoved;
        return Errno.None;
    }

    /// <summary>Undoes <see cref="TakeForMove"/>, but for the place in line.</summary>
    internal static void PutBack(UserThread thread)
    {
        FutexWaiter waiter = thread.FutexWaiter;
        EnqueueAs(waiter, waiter.Key, waiter.Bits);
    }

    internal static bool HasWaiters(FutexKey key)
    {
        FutexBucket bucket = BucketOf(key);
        using SpinLock.Guard guard = bucket.Lock.Acquire();
        FutexWaiter? waiter = bucket.First;
        while (waiter is not null && !waiter.Key.Equals(key)) waiter = waiter.Next;
        return waiter is not null;
    }

    private static void Enqueue(FutexWaiter waiter, FutexKey key, uint bits)
    {
        waiter.ToBeMoved = null;
        EnqueueAs(waiter, key, bits);
    }

    private static void EnqueueAs(FutexWaiter waiter, FutexKey key, uint bits)
    {
        FutexBucket bucket = BucketOf(key);
        using (SpinLock.Guard guard = bucket.Lock.Acquire())
        {
            waiter.Key = key;
            waiter.Bits = bits;
            waiter.IsQueued = true;
            bucket.AddLocked(waiter);
        }
    }

    /// <summary>Takes the waiter out again; false when somebody has woken it.</summary>
    internal static bool TryDequeue(FutexWaiter waiter)
    {
        while (waiter.IsQueued)
        {
            // Null for the moment in which another processor carries it from one bucket to another.
            if (Volatile.Read(ref waiter.Bucket) is not { } bucket) continue;
            using (SpinLock.Guard guard = bucket.Lock.Acquire())
            {
                if (!ReferenceEquals(waiter.Bucket, bucket)) continue;
                bucket.RemoveLocked(waiter);
                waiter.IsQueued = false;
                return true;
            }
        }

        return false;
    }

    /// <errors>EINVAL: somebody waits there to be moved to a futex with priorities.</errors>
    private static IoResult WakeKey(FutexKey key, int count, uint bits)
    {
        FutexBucket bucket = BucketOf(key);
        int woken = 0;
        while (woken < count && TryTakeOne(bucket, key, bits, out FutexWaiter? waiter))
        {
            if (waiter is null) return Errno.EINVAL;
            waiter.IsQueued = false;
            waiter.Queue.WakeAll();
            woken++;
        }

        return woken;
    }

    /// <param name="found">Null with true: it waits for a futex with priorities, and stays.</param>
    private static bool TryTakeOne(FutexBucket bucket, FutexKey key, uint bits, out FutexWaiter? found)
    {
        using (SpinLock.Guard guard = bucket.Lock.Acquire())
        {
            for (found = bucket.First; found is not null; found = found.Next)
            {
                if (!found.Key.Equals(key) || (found.Bits & bits) == 0) continue;
                if (found.ToBeMoved is not null) found = null;
                else bucket.RemoveLocked(found);
                return true;
            }

            return false;
        }
    }

    private static IoResult Move(FutexKey source, FutexKey target, int count)
    {
        FutexBucket from = BucketOf(source);
        FutexBucket to = BucketOf(target);
        int moved = 0;
        while (moved < count
            && TryTakeOne(from, source, FutexBits.FUTEX_BITSET_MATCH_ANY, out FutexWaiter? waiter))
        {
            if (waiter is null) return Errno.EINVAL;
            using (SpinLock.Guard guard = to.Lock.Acquire())
            {
                waiter.Key = target;
                to.AddLocked(waiter);
            }

            moved++;
        }

        return moved;
    }

    private static FutexBucket BucketOf(FutexKey key)
    {
        const ulong GoldenRatio = 0x9E37_79B9_7F4A_7C15;
        return s_buckets[(int)(key.Offset * GoldenRatio >> 64 - BucketBits)];
    }

    private static FutexBucket[] CreateBuckets()
    {
        FutexBucket[] buckets = new FutexBucket[1 << BucketBits];
        for (int i = 0; i < buckets.Length; i++) buckets[i] = new FutexBucket();
        return buckets;
    }

    private readonly struct WokenCondition(FutexWaiter waiter) : ISleepCondition
    {
        public bool IsMet() => !waiter.IsQueued;
    }

    private readonly struct AnyCondition(FutexSet set) : ISleepCondition
    {
        public bool IsMet() => set.IsAnyWoken;
    }
}
