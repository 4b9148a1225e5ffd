using Cashew.Machine;

namespace Cashew.Files.Systems;

/// <summary>The files of an overlay by the file of a layer that each stands for: two names of one file lead
/// to one inode, and a file that is open is found again when the cache has forgotten its name.</summary>
/// <remarks>A file that nobody has open and that has one name needs no entry: the dentry cache has it, or
/// nobody does. So such entries go when there are many.</remarks>
/// <locking>A spin lock of its own.</locking>
internal sealed class OverlayTable
{
    private const int BucketCount = 1024;
    private const int CommonCount = 4096;

    private readonly SpinLock _lock = new(LockRank.OverlayTable);
    private readonly OverlayInode?[] _buckets = new OverlayInode?[BucketCount];
    private int _count;
    private int _hand;

    internal OverlayInode? Find(Inode real)
    {
        using SpinLock.Guard guard = _lock.Acquire();
        return FindLocked(real);
    }

    /// <summary>Adds a file, unless there is one for the same real file; returns the one that is there
    /// then.</summary>
    internal OverlayInode Add(OverlayInode inode, Inode real)
    {
        using SpinLock.Guard guard = _lock.Acquire();
        if (FindLocked(real) is OverlayInode existing) return existing;
        AddLocked(inode, real);
        if (_count > CommonCount) SweepLocked();
        return inode;
    }

    /// <summary>The file stands for another one from now on: it has been copied up.</summary>
    internal void Rekey(OverlayInode inode, Inode real)
    {
        using SpinLock.Guard guard = _lock.Acquire();
        RemoveLocked(inode);
        AddLocked(inode, real);
    }

    internal void Remove(OverlayInode inode)
    {
        using SpinLock.Guard guard = _lock.Acquire();
        RemoveLocked(inode);
    }

    private OverlayInode? FindLocked(Inode real)
    {
        OverlayInode? found = _buckets[BucketOf(real)];
        while (found is not null && !ReferenceEquals(found.Key, real)) found = found.NextInTable;
        return found;
    }

    private void AddLocked(OverlayInode inode, Inode real)
    {
        int bucket = BucketOf(real);
        inode.Key = real;
        inode.NextInTable = _buckets[bucket];
        _buckets[bucket] = inode;
        _count++;
    }

    private void RemoveLocked(OverlayInode inode)
    {
        if (inode.Key is not Inode real) return;
        int bucket = BucketOf(real);
        OverlayInode? before = null;
        for (OverlayInode? at = _buckets[bucket]; at is not null; at = at.NextInTable)
        {
            if (ReferenceEquals(at, inode))
            {
                if (before is null) _buckets[bucket] = at.NextInTable;
                else before.NextInTable = at.NextInTable;
                inode.NextInTable = null;
                inode.Key = null;
                _count--;
                return;
            }

            before = at;
        }
    }

    // A few buckets each time: the entries of a short one are a handful.
    private void SweepLocked()
    {
        for (int i = 0; i < 2; i++)
        {
            _hand = (_hand + 1) % BucketCount;
            OverlayInode? next;
            for (OverlayInode? at = _buckets[_hand]; at is not null; at = next)
            {
                next = at.NextInTable;
                if (!at.HasUsers && (at.IsDirectory || at.LinkCount <= 1)) RemoveLocked(at);
            }
        }
    }

    private static int BucketOf(Inode real)
    {
        const uint multiplier = 2654435769;
        uint sum = ((uint)real.Number + real.Filesystem.Device.Minor * 31) * multiplier;
        return (int)(sum >> 22) % BucketCount;
    }
}
