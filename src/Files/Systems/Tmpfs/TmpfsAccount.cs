using System.Threading;
using Cashew.Memory;
using Cashew.Runtime;

namespace Cashew.Files.Systems;

/// <summary>What the files of one tmpfs take together, and may take.</summary>
/// <locking>None: counters that are changed atomically, and limits that a remount sets.</locking>
internal sealed class TmpfsAccount : PageBudget
{
    // An inode and what comes with it: the entry in its directory, and a cached name, perhaps.
    private const int BytesPerInode = 600;

    private long _maxPages;
    private long _maxInodes;
    private long _pages;
    private long _inodes;

    internal TmpfsAccount(in TmpfsOptions options)
    {
        _maxPages = options.MaxPages;
        _maxInodes = options.MaxInodes;
    }

    internal long Pages => Volatile.Read(ref _pages);
    internal long Inodes => Volatile.Read(ref _inodes);
    internal long MaxPages => Volatile.Read(ref _maxPages);
    internal long MaxInodes => Volatile.Read(ref _maxInodes);

    public override long LimitPages => MaxPages;

    public override bool TryCharge(long pages) => TryAdd(ref _pages, pages, MaxPages);
    public override void Uncharge(long pages) => _ = Interlocked.Add(ref _pages, -pages);

    internal bool TryChargeInode() => TryAdd(ref _inodes, 1, MaxInodes);
    internal void UnchargeInode()
    {
        _ = Interlocked.Decrement(ref _inodes);
        Collector.NoteDropped(BytesPerInode);
    }

    /// <summary>New limits; false when more is in use already, or when there was no limit.</summary>
    internal bool TrySetLimits(long maxPages, long maxInodes)
    {
        if ((MaxPages == 0 && maxPages != 0) || (MaxInodes == 0 && maxInodes != 0)) return false;
        if ((maxPages != 0 && Pages > maxPages) || (maxInodes != 0 && Inodes > maxInodes)) return false;
        Volatile.Write(ref _maxPages, maxPages);
        Volatile.Write(ref _maxInodes, maxInodes);
        return true;
    }

    private static bool TryAdd(ref long counter, long amount, long limit)
    {
        long after = Interlocked.Add(ref counter, amount);
        if (limit == 0 || after <= limit) return true;
        _ = Interlocked.Add(ref counter, -amount);
        return false;
    }
}
