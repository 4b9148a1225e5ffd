using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Memory;

/// <summary>
/// What a file gives to mappings and to the page cache: its pages, by number. It also knows who maps it, so
/// that cutting the file takes the pages from the programs.
/// </summary>
/// <locking>
/// <see cref="TryGetPage"/> is called by page faults, which may come from a copy to or from user memory in
/// the middle of a write to this very file. It takes no lock whose rank is below AddressSpace. It may be
/// called for a mapping that has just gone, and for a file that was just closed for good: it then fails.
/// </locking>
public abstract class PageSource
{
    // Held while a range of the file is taken from the tables that map it, and while mappings come, go or
    // change size.
    private readonly SleepLock _mappingsLock = new(LockRank.FileMappings);
    private Vma? _mappings;
    private uint _cuts;
    private int _announcedWriters;

    public abstract long LengthBytes { get; }

    /// <summary>Counted as shared memory (tmpfs, System V, MAP_SHARED without a file), not as a
    /// file.</summary>
    public virtual bool IsSharedMemory => false;

    /// <summary>
    /// A page may be mapped for writing before the program writes: nobody asks when it was written, and no
    /// page is replaced on the first write. Saves a fault a page.
    /// </summary>
    public virtual bool NeedsNoWriteNotice => false;

    /// <summary>What can no longer be done with the file.</summary>
    public virtual FileSeals Seals => FileSeals.None;

    /// <summary>Whether a program can write through a mapping it has, or is just making.</summary>
    internal bool MayBeWrittenByMappings
    {
        get
        {
            if (Volatile.Read(ref _announcedWriters) != 0) return true;

            using SleepLock.Guard guard = _mappingsLock.Acquire();
            for (Vma? vma = _mappings; vma is not null; vma = vma.NextOfSource)
            {
                if (vma.IsShared && (vma.MaximumRights & PageRights.Write) != 0) return true;
            }

            return false;
        }
    }

    /// <summary>How often pages were taken away; see <see cref="FaultTicket"/>.</summary>
    internal uint Cuts => Volatile.Read(ref _cuts);

    /// <summary>The page's frame, with a reference for the caller. May read a device and sleep.</summary>
    /// <param name="forWrite">It will be written through a shared mapping.</param>
    /// <errors>EFAULT: past the end of the file (SIGBUS). EIO, ENOSPC: the same. ENOMEM: no frame.</errors>
    public abstract bool TryGetPage(long pageIndex, bool forWrite, out Frame frame, out Errno error);

    /// <summary>
    /// Fills in the frames, with a reference each, of those pages that are in memory now; none for the
    /// others.
    /// </summary>
    public virtual int GetCachedPages(long firstPage, Span<Frame> frames) => 0;

    /// <summary>A program was allowed to write the page through a shared mapping.</summary>
    public virtual void PageDirtied(long pageIndex)
    {
    }

    /// <summary>For mincore(2): whether touching the page would not wait for a device.</summary>
    public virtual bool IsCached(long pageIndex) => false;

    /// <summary>msync(2) with MS_SYNC: returns when the pages are on the device, if there is one.</summary>
    public virtual Errno Synchronize(long firstPage, long pageCount) => Errno.None;

    /// <summary>MADV_REMOVE: frees the pages as fallocate(2) with FALLOC_FL_PUNCH_HOLE does.</summary>
    public virtual Errno Discard(long firstPage, long pageCount) => Errno.EOPNOTSUPP;

    /// <summary>MADV_WILLNEED: a hint.</summary>
    public virtual void ReadAhead(long firstPage, long pageCount)
    {
    }

    /// <summary>Takes all pages from this one on from every mapping, private copies included
    /// (truncate).</summary>
    /// <locking>Sleeps. The file is cut already, so that a fault from now on gets no such page.</locking>
    public void InvalidateMappings(long firstPage) =>
        InvalidateMappings(firstPage, long.MaxValue, ClearScope.All);

    /// <summary>
    /// The pages of a private copy on which programs were already told to look anew: the file's pages in
    /// a range have been replaced or freed.
    /// </summary>
    internal void InvalidateMappings(long firstPage, long endPage, ClearScope scope)
    {
        _ = Interlocked.Increment(ref _cuts);
        if (Volatile.Read(ref _mappings) is null) return;

        using SleepLock.Guard guard = _mappingsLock.Acquire();
        for (Vma? vma = _mappings; vma is not null; vma = vma.NextOfSource)
        {
            if (TryIntersect(vma, firstPage, endPage, out UserAddress start, out UserAddress end))
                vma.Pages.Clear(start, end, vma.Backing, scope);
        }
    }

    /// <summary>Makes the next write to any of the pages through a shared mapping a noticed one
    /// again.</summary>
    internal void WriteProtectMappings(long firstPage, long endPage)
    {
        using SleepLock.Guard guard = _mappingsLock.Acquire();
        for (Vma? vma = _mappings; vma is not null; vma = vma.NextOfSource)
        {
            if (vma.IsShared && TryIntersect(vma, firstPage, endPage, out UserAddress start, out UserAddress end))
                vma.Pages.WriteProtect(start, end);
        }
    }

    /// <summary>A shared mapping of a file open for writing is about to be made; its seals are read
    /// afterwards.</summary>
    internal void AnnounceWriter() => _ = Interlocked.Increment(ref _announcedWriters);

    /// <summary>It is in the list, or will never be.</summary>
    internal void SettleWriter() => _ = Interlocked.Decrement(ref _announcedWriters);

    /// <summary>Keeps the list, and the ranges of the mappings in it, as they are.</summary>
    internal SleepLock.Guard LockMappings() => _mappingsLock.Acquire();

    /// <locking>The list is locked.</locking>
    internal void AddMappingLocked(Vma vma)
    {
        vma.NextOfSource = _mappings;
        vma.PreviousOfSource = null;
        if (_mappings is not null) _mappings.PreviousOfSource = vma;
        Volatile.Write(ref _mappings, vma);
    }

    /// <locking>The list is locked.</locking>
    internal void RemoveMappingLocked(Vma vma)
    {
        if (vma.PreviousOfSource is null) Volatile.Write(ref _mappings, vma.NextOfSource);
        else vma.PreviousOfSource.NextOfSource = vma.NextOfSource;
        if (vma.NextOfSource is not null) vma.NextOfSource.PreviousOfSource = vma.PreviousOfSource;
        vma.NextOfSource = null;
        vma.PreviousOfSource = null;
    }

    private static bool TryIntersect(Vma vma, long firstPage, long endPage, out UserAddress start, out UserAddress end)
    {
        long first = firstPage > vma.FirstPage ? firstPage : vma.FirstPage;
        long vmaEnd = vma.FirstPage + vma.PageCount;
        long last = endPage < vmaEnd ? endPage : vmaEnd;
        bool overlaps = first < last;
        start = overlaps ? vma.Start + (ulong)(first - vma.FirstPage) * UserAddress.PageSizeBytes : default;
        end = overlaps ? vma.Start + (ulong)(last - vma.FirstPage) * UserAddress.PageSizeBytes : default;
        return overlaps;
    }
}
