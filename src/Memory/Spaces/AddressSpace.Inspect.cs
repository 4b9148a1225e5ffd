using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Memory;

/// <content>Looking: /proc/PID/maps, mincore(2), msync(2), futex keys</content>
public sealed partial class AddressSpace
{
    /// <summary>The first mapping that ends above an address; ask again with its end for the next
    /// one.</summary>
    /// <locking>Sleeps. Between two calls the mappings may change; nothing is seen twice.</locking>
    public bool TryGetNext(UserAddress from, out VmaInfo info)
    {
        using SleepLock.Guard guard = _changes.Acquire();
        Vma? vma = _mappings.Tree.FindAtOrAbove(from);
        info = vma is null ? default : new VmaInfo(vma, NameOf(vma));
        return vma is not null;
    }

    /// <summary>The same, and how the pages of the mapping are used.</summary>
    /// <locking>As <see cref="TryGetNext"/>.</locking>
    public bool TryMeasureNext(UserAddress from, out VmaInfo info, out PageUsage usage)
    {
        usage = default;
        using SleepLock.Guard guard = _changes.Acquire();
        Vma? vma = _mappings.Tree.FindAtOrAbove(from);
        info = vma is null ? default : new VmaInfo(vma, NameOf(vma));
        if (vma is null) return false;
        _pages.Measure(vma.Start, vma.End, vma.Backing, ref usage);
        if (vma.IsLocked) usage.ProportionalLocked = usage.Proportional;
        return true;
    }

    /// <summary>
    /// What a word in memory is known by to all who can reach it: a page of a shared object, or, with a null
    /// source, its address in this space alone. For futexes.
    /// </summary>
    /// <returns>False: nothing is mapped there (EFAULT).</returns>
    public bool TryIdentify(UserAddress at, out PageSource? source, out long pageIndex)
    {
        using SleepLock.Guard guard = _changes.Acquire();
        Vma? vma = _mappings.Tree.FindAtOrAbove(at);
        bool isMapped = vma is not null && vma.Contains(at);
        source = isMapped && vma!.IsShared ? vma.Source : null;
        pageIndex = source is null ? 0 : vma!.PageAt(at.PageDown);
        return isMapped;
    }

    /// <summary>For mincore(2): one byte a page, 1 if touching it would not wait.</summary>
    /// <errors>ENOMEM: a part of the range is not mapped.</errors>
    public Errno FindResident(UserAddress start, Span<byte> pages)
    {
        pages.Clear();
        UserAddress end = start + (ulong)pages.Length * PageBytes;
        if (!IsUserRange(start, end - start)) return Errno.ENOMEM;

        using SleepLock.Guard guard = _changes.Acquire();
        UserAddress at = start;
        while (at < end)
        {
            Vma? vma = _mappings.Tree.FindAtOrAbove(at);
            if (vma is null || vma.Start > at) return Errno.ENOMEM;

            UserAddress to = vma.End < end ? vma.End : end;
            Span<byte> part = pages.Slice((int)((at - start) / PageBytes), (int)((to - at) / PageBytes));
            _pages.FindPresent(at, part, PageRights.None);
            for (int i = 0; vma.Source is not null && i < part.Length; i++)
            {
                if (part[i] == 0 && vma.Source.IsCached(vma.PageAt(at) + i)) part[i] = 1;
            }

            at = to;
        }

        return Errno.None;
    }

    /// <summary>For /proc/PID/pagemap: what <see cref="PagemapBits"/> say of each page; 0 of one that is not
    /// there.</summary>
    public void DescribePages(UserAddress start, Span<ulong> pages)
    {
        pages.Clear();
        UserAddress end = start + (ulong)pages.Length * PageBytes;
        using SleepLock.Guard guard = _changes.Acquire();
        UserAddress at = start;
        while (at < end && _mappings.Tree.FindAtOrAbove(at) is { } vma && vma.Start < end)
        {
            if (vma.Start > at) at = vma.Start;
            UserAddress to = vma.End < end ? vma.End : end;
            int first = (int)((at - start) / PageBytes);
            _pages.Describe(at, pages.Slice(first, (int)((to - at) / PageBytes)), vma.Backing);
            at = to;
        }
    }

    /// <summary>For /proc/PID/clear_refs: forgets which pages were accessed.</summary>
    public void ClearAccessed(bool ofAnonymous, bool ofFiles)
    {
        using SleepLock.Guard guard = _changes.Acquire();
        UserAddress at = default;
        while (_mappings.Tree.FindAtOrAbove(at) is { } vma)
        {
            if (vma.File is null ? ofAnonymous : ofFiles) _pages.ClearAccessed(vma.Start, vma.End);
            at = vma.End;
        }
    }

    /// <summary>For /proc/PID/clear_refs: what is resident now is the peak so far.</summary>
    public void ForgetPeak() => _pages.ForgetPeak();

    /// <summary>Sees to it that what was written through shared mappings is on the device, if there is
    /// one.</summary>
    /// <errors>ENOMEM: a part is not mapped. EBUSY: invalidation of locked memory. EIO: the device
    /// failed.</errors>
    /// <source>msync(2); its flags are checked by the caller.</source>
    public Errno Synchronize(UserAddress start, ulong lengthBytes, SyncFlags flags)
    {
        if (start.PageOffset != 0) return Errno.EINVAL;
        if (lengthBytes == 0) return Errno.None;
        if (!IsUserRange(start, lengthBytes)) return Errno.ENOMEM;

        UserAddress end = start + RoundUp(lengthBytes);
        Errno result = Errno.None;
        UserAddress at = start;
        while (at < end)
        {
            if (!TryTakeDirty(at, end, out Piece piece, out bool isLocked)) return Errno.ENOMEM;
            if (piece.Start > at) result = Errno.ENOMEM;
            Errno error = (flags & SyncFlags.Invalidate) != 0 && isLocked ? Errno.EBUSY : Errno.None;
            if (piece.Source is not null)
            {
                if (error == Errno.None && (flags & SyncFlags.Wait) != 0)
                    error = piece.Source.Synchronize(piece.FirstPage, (long)((piece.End - piece.Start) / PageBytes));
                piece.File?.ReleaseMapping();
            }

            if (error != Errno.None) return error;
            at = piece.End;
        }

        return result;
    }

    private bool TryTakeDirty(UserAddress at, UserAddress end, out Piece piece, out bool isLocked)
    {
        piece = default;
        isLocked = false;
        using SleepLock.Guard guard = _changes.Acquire();
        Vma? vma = _mappings.Tree.FindOverlap(at, end);
        if (vma is null) return false;

        piece.Start = vma.Start > at ? vma.Start : at;
        piece.End = vma.End < end ? vma.End : end;
        isLocked = vma.IsLocked;
        if (!vma.IsShared || vma.Source is null) return true;

        piece.Source = vma.Source;
        piece.FirstPage = vma.PageAt(piece.Start);
        piece.File = vma.File;
        piece.File?.RetainMapping();
        return true;
    }

    private MappingName NameOf(Vma vma)
    {
        if ((vma.Flags & VmaFlags.Special) != 0) return MappingName.Special;
        if ((vma.Flags & VmaFlags.Stack) != 0) return MappingName.Stack;
        bool isHeap = vma.File is null && vma.Start < _break && vma.End > BreakStart;
        return isHeap ? MappingName.Heap : MappingName.None;
    }
}
