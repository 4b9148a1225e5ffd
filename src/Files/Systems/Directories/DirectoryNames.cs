using System;
using System.Numerics;

namespace Cashew.Files.Systems;

/// <summary>The entries of a directory by name: linear hashing, which adds one bucket for each entry that
/// comes and takes one away for each that goes. So no operation is longer in a large directory than in a
/// small one.</summary>
/// <source>Litwin, Linear Hashing: A New Tool for File and Table Addressing, VLDB 1980.</source>
/// <locking>The directory's.</locking>
internal sealed class DirectoryNames
{
    private const int FewestBuckets = 8;

    private readonly DirectorySlots _buckets = new();
    private int _bucketCount = FewestBuckets;

    internal int Count { get; private set; }

    internal DirectoryEntry? Find(ReadOnlySpan<byte> name, uint hash)
    {
        DirectoryEntry? entry = _buckets[BucketOf(hash)];
        while (entry is not null && (entry.Hash != hash || !name.SequenceEqual(entry.Name)))
            entry = entry.Next;
        return entry;
    }

    internal void Add(DirectoryEntry entry)
    {
        Insert(entry);
        if (++Count > _bucketCount) Split();
    }

    internal void Remove(DirectoryEntry entry)
    {
        int bucket = BucketOf(entry.Hash);
        DirectoryEntry first = _buckets[bucket]!;
        if (ReferenceEquals(first, entry))
        {
            SetBucket(bucket, entry.Next);
        }
        else
        {
            DirectoryEntry before = first;
            while (!ReferenceEquals(before.Next, entry)) before = before.Next!;
            before.Next = entry.Next;
        }

        entry.Next = null;
        Count--;

        // Less than half full: with some play, so that a name that comes and goes does not split and merge
        // all the time.
        if (_bucketCount > FewestBuckets && Count < _bucketCount / 2) Merge();
    }

    internal void Clear()
    {
        _buckets.Clear();
        _bucketCount = FewestBuckets;
        Count = 0;
    }

    // The buckets up to the next power of two are those that exist and those that are still part of a lower
    // one.
    private int BucketOf(uint hash)
    {
        uint mask = (uint)HighestPowerOfTwo(_bucketCount - 1) * 2 - 1;
        int bucket = (int)(hash & mask);
        return bucket < _bucketCount ? bucket : (int)(hash & (mask >> 1));
    }

    private static int HighestPowerOfTwo(int value) => 1 << BitOperations.Log2((uint)value);

    private void Insert(DirectoryEntry entry)
    {
        int bucket = BucketOf(entry.Hash);
        entry.Next = _buckets[bucket];
        _buckets.Set(bucket, entry);
    }

    private void SetBucket(int bucket, DirectoryEntry? first)
    {
        if (first is null) _buckets.Remove(bucket);
        else _buckets.Set(bucket, first);
    }

    /// <summary>Makes the next bucket out of the one that it has been part of.</summary>
    private void Split()
    {
        int added = _bucketCount++;
        Redistribute(added - HighestPowerOfTwo(added));
    }

    private void Merge()
    {
        int removed = --_bucketCount;
        Redistribute(removed);
    }

    private void Redistribute(int bucket)
    {
        DirectoryEntry? next = _buckets[bucket];
        _buckets.Remove(bucket);
        while (next is not null)
        {
            DirectoryEntry entry = next;
            next = entry.Next;
            Insert(entry);
        }
    }
}
