using System;
using System.Numerics;
using System.Threading;
using Cashew.Machine;

namespace Cashew.Files;

/// <summary>All cached dentries by directory and name: one hash table, which readers search without a
/// lock.</summary>
/// <remarks>
/// Chains of dentries from as many buckets as the cache may hold, in pieces that come with their first entry:
/// nothing is ever made larger or copied, and a large directory is no more than many entries. A dentry that
/// is taken out keeps its link, so that whoever looks at it finds the rest of the chain; put in elsewhere, it
/// leads such a reader into another chain. So a reader may miss an entry, and then asks again under the
/// directory's lock (<see cref="FindExactly"/>); it never finds a wrong one, because each hit is checked
/// against the dentry's own place.
/// </remarks>
/// <locking>Whoever changes a chain holds its spin lock, one of a few shared by all.</locking>
internal static class DentryTable
{
    private const int PieceShift = 9;
    private const int PieceBuckets = 1 << PieceShift;
    private const int FewestBuckets = 1024;
    private const int MostBuckets = 1 << 22;
    private const int LockCount = 64;

    private static readonly SpinLock[] s_locks = CreateLocks();
    private static Dentry?[]?[] s_pieces = new Dentry?[]?[FewestBuckets / PieceBuckets];
    private static uint s_mask = FewestBuckets - 1;

    /// <summary>Sets the number of buckets. At boot, before there is any dentry.</summary>
    internal static void Initialize(int wantedEntries)
    {
        uint wanted = (uint)Math.Clamp(wantedEntries, FewestBuckets, MostBuckets);
        int buckets = (int)BitOperations.RoundUpToPowerOf2(wanted);
        s_pieces = new Dentry?[]?[buckets / PieceBuckets];
        s_mask = (uint)buckets - 1;
    }

    /// <summary>The child of that name if it is found at once.</summary>
    /// <locking>None.</locking>
    internal static Dentry? Find(Dentry parent, ReadOnlySpan<byte> name, uint hash)
    {
        uint bucket = BucketOf(parent, hash);
        Dentry?[]? piece = Volatile.Read(ref s_pieces[(int)(bucket >> PieceShift)]);
        if (piece is null) return null;

        Dentry? entry = Volatile.Read(ref piece[(int)(bucket & (PieceBuckets - 1))]);
        while (entry is not null && (!entry.Place.Matches(parent, hash, name) || entry.IsDead))
            entry = entry.NextInBucket;
        return entry;
    }

    /// <summary>The child of that name if there is one.</summary>
    /// <locking>The lock of the directory's inode is held, so that nothing of that name comes.</locking>
    internal static Dentry? FindExactly(Dentry parent, ReadOnlySpan<byte> name, uint hash)
    {
        using SpinLock.Guard guard = LockFor(BucketOf(parent, hash)).Acquire();
        return Find(parent, name, hash);
    }

    /// <summary>Adds a child, for which there is no entry.</summary>
    internal static void Add(Dentry parent, Dentry child, uint hash)
    {
        uint bucket = BucketOf(parent, hash);
        ref Dentry?[]? place = ref s_pieces[(int)(bucket >> PieceShift)];
        if (Volatile.Read(ref place) is null)
            _ = Interlocked.CompareExchange(ref place, new Dentry?[PieceBuckets], null);

        using SpinLock.Guard guard = LockFor(bucket).Acquire();
        ref Dentry? first = ref place![(int)(bucket & (PieceBuckets - 1))];
        child.NextInBucket = first;
        Volatile.Write(ref first, child);
    }

    internal static void Remove(Dentry parent, Dentry child, uint hash)
    {
        uint bucket = BucketOf(parent, hash);
        using SpinLock.Guard guard = LockFor(bucket).Acquire();
        Dentry?[] piece = s_pieces[(int)(bucket >> PieceShift)]!;
        ref Dentry? first = ref piece[(int)(bucket & (PieceBuckets - 1))];
        if (ReferenceEquals(first, child))
        {
            Volatile.Write(ref first, child.NextInBucket);
            return;
        }

        for (Dentry? entry = first; entry is not null; entry = entry.NextInBucket)
        {
            if (!ReferenceEquals(entry.NextInBucket, child)) continue;
            entry.NextInBucket = child.NextInBucket;
            return;
        }
    }

    private static uint BucketOf(Dentry parent, uint hash) => (hash ^ parent.Salt) & s_mask;

    private static SpinLock LockFor(uint bucket) => s_locks[(int)(bucket % LockCount)];

    private static SpinLock[] CreateLocks()
    {
        SpinLock[] locks = new SpinLock[LockCount];
        for (int i = 0; i < locks.Length; i++) locks[i] = new SpinLock(LockRank.DentryTable);
        return locks;
    }
}
