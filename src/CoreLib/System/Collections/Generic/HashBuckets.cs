using System.Numerics;
using System.Runtime.CompilerServices;

namespace System.Collections.Generic;

/// <summary>Sizing and hashing that Dictionary and HashSet share: bucket counts are powers of two.</summary>
internal static class HashBuckets
{
    internal const int SmallestCount = 4;

    // 2^32 divided by the golden ratio: consecutive keys, pids and descriptors above all, spread evenly.
    private const uint Multiplier = 0x9E37_79B9;

    /// <summary>How many buckets hold so many entries, at most one per bucket on average.</summary>
    internal static int CountFor(int capacity)
    {
        if (capacity <= SmallestCount)
        {
            return SmallestCount;
        }

        if (capacity > 1 << 30)
        {
            ThrowHelper.ArgumentOutOfRange();
        }

        return (int)BitOperations.RoundUpToPowerOf2((uint)capacity);
    }

    /// <summary>The shift for <see cref="Index"/>.</summary>
    internal static int ShiftFor(int bucketCount) => 32 - BitOperations.Log2((uint)bucketCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Index(int hash, int shift) => (int)((uint)hash * Multiplier >> shift);
}
