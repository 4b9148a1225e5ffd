using System.Threading;

namespace Cashew.Processes;

/// <summary>The futexes with priority inheritance that somebody waits for, by key.</summary>
/// <locking>The lock of <see cref="PriorityFutexes"/>; the count is read without.</locking>
internal static class PriorityFutexTable
{
    private const int BucketBits = 6;

    private static readonly PriorityFutex?[] s_buckets = new PriorityFutex?[1 << BucketBits];
    private static int s_count;

    internal static bool IsEmpty => Volatile.Read(ref s_count) == 0;

    internal static PriorityFutex? Find(FutexKey key)
    {
        PriorityFutex? futex = BucketOf(key);
        while (futex is not null && !futex.Key.Equals(key)) futex = futex.NextInBucket;
        return futex;
    }

    internal static void Add(PriorityFutex futex)
    {
        ref PriorityFutex? bucket = ref BucketOf(futex.Key);
        futex.NextInBucket = bucket;
        bucket = futex;
        Interlocked.Increment(ref s_count);
    }

    internal static void Remove(PriorityFutex futex)
    {
        ref PriorityFutex? link = ref BucketOf(futex.Key);
        while (!ReferenceEquals(link, futex)) link = ref link!.NextInBucket;
        link = futex.NextInBucket;
        Interlocked.Decrement(ref s_count);
    }

    private static ref PriorityFutex? BucketOf(FutexKey key)
    {
        const ulong GoldenRatio = 0x9E37_79B9_7F4A_7C15;
        return ref s_buckets[(int)(key.Offset * GoldenRatio >> 64 - BucketBits)];
    }
}
