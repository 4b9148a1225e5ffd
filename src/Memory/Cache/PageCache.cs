using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Memory;

/// <summary>
/// The contents of one file in memory: frames by page number, filled on first use. Reads, writes and mappings
/// all go through these frames, so they always agree. Where there is neither a page nor a filler, the file
/// reads as zeros.
/// </summary>
/// <remarks>
/// Two locks. "Contents" serializes what changes the file as a whole (write, truncate): it may be held while
/// user memory is copied, and a page fault on that memory may need this very file. Such a fault takes only
/// the second one, the spin lock of the tree, which is never held while anything is copied.
/// </remarks>
public partial class PageCache : PageSource
{
    private const int PageBytes = UserAddress.PageSizeBytes;

    // Pages looked up under one hold of the lock when reading: 128 bytes of stack.
    private const int BatchPages = 16;

    private readonly PageFiller? _filler;
    private readonly PageBudget? _budget;
    private readonly SleepLock _contents = new(LockRank.FileContents);
    private readonly SpinLock<State> _pages;

    // Written under both locks, read without.
    private long _lengthBytes;

    // Of the list in CleanPages, under its lock.
    internal PageCache? NextClean;
    internal PageCache? PreviousClean;
    internal bool IsInCleanList;

    /// <param name="filler">Gives the contents it starts with; null: it starts empty.</param>
    /// <param name="budget">Is charged for every page that has no other home than this cache.</param>
    public PageCache(PageFiller? filler = null, PageBudget? budget = null)
    {
        _filler = filler;
        _budget = budget;
        _lengthBytes = filler is null ? 0 : filler.LengthBytes;
        _pages = new SpinLock<State>(LockRank.PageCacheTree, new State { FillLimitBytes = _lengthBytes });
    }

    public override long LengthBytes => Volatile.Read(ref _lengthBytes);

    public override bool NeedsNoWriteNotice => _filler is null;

    /// <summary>Pages in memory.</summary>
    public long PageCount
    {
        get
        {
            using SpinLock<State>.Guard guard = _pages.Acquire();
            return guard.State.PageCount;
        }
    }

    public override bool TryGetPage(long pageIndex, bool forWrite, out Frame frame, out Errno error) =>
        TryGetPage(pageIndex, PagesFor(LengthBytes), forWrite, out frame, out error);

    public override int GetCachedPages(long firstPage, Span<Frame> frames)
    {
        int found = 0;
        using SpinLock<State>.Guard guard = _pages.Acquire();
        long inFile = PagesFor(_lengthBytes) - firstPage;
        int count = inFile < frames.Length ? inFile > 0 ? (int)inFile : 0 : frames.Length;
        frames[count..].Clear();
        guard.State.Tree.FindAll(firstPage, frames[..count]);
        for (int i = 0; i < count; i++)
        {
            if (frames[i].IsNone) continue;
            frames[i].Retain();
            found++;
        }

        return found;
    }

    public override bool IsCached(long pageIndex)
    {
        using SpinLock<State>.Guard guard = _pages.Acquire();
        return guard.State.Tree.TryFind(pageIndex, out _);
    }

    internal bool IsClosed
    {
        get
        {
            using SpinLock<State>.Guard guard = _pages.Acquire();
            return guard.State.IsClosed;
        }
    }

    /// <summary>The first byte of data (SEEK_DATA) at or after an offset within the file, or -1.</summary>
    /// <remarks>Pages are data, and so is what the filler has; the rest is a hole.</remarks>
    public long FindData(long offset)
    {
        using SpinLock<State>.Guard guard = _pages.Acquire();
        if (offset >= _lengthBytes) return -1;
        if (offset < guard.State.FillLimitBytes) return offset;

        long page = guard.State.Tree.FindPresent(offset / PageBytes);
        if (page < 0 || page * PageBytes >= _lengthBytes) return -1;
        return page * PageBytes > offset ? page * PageBytes : offset;
    }

    /// <summary>The first byte of a hole (SEEK_HOLE) at or after an offset within the file; its end counts as
    /// one.</summary>
    public long FindHole(long offset)
    {
        using SpinLock<State>.Guard guard = _pages.Acquire();
        long limit = guard.State.FillLimitBytes;
        long from = offset < limit ? PagesFor(limit) : offset / PageBytes;
        long hole = guard.State.Tree.FindAbsent(from) * PageBytes;
        if (hole < offset) hole = offset;
        return hole < _lengthBytes ? hole : _lengthBytes;
    }

    /// <summary>The file is deleted and nobody has it open or mapped any more: gives all frames
    /// back.</summary>
    public void Close()
    {
        using (SpinLock<State>.Guard guard = _pages.Acquire())
        {
            guard.State.IsClosed = true;
        }

        CleanPages.Remove(this);
        RemovePages(0, long.MaxValue);
    }

    /// <summary>Gives back pages that nobody uses and that the filler has; returns how many.</summary>
    internal int DropClean(int wantedFrames)
    {
        Span<Frame> frames = stackalloc Frame[BatchPages];
        int dropped = 0;
        while (dropped < wantedFrames)
        {
            int wanted = wantedFrames - dropped < frames.Length ? wantedFrames - dropped : frames.Length;
            int count = TakeBatch(0, long.MaxValue, TakeFilter.CleanAndUnused, frames[..wanted]);
            if (count == 0) break;
            dropped += count;
        }

        return dropped;
    }

    private static long PagesFor(long lengthBytes) => (lengthBytes + (PageBytes - 1)) / PageBytes;

    /// <summary>The page, made if need be.</summary>
    /// <param name="endPage">Where the file ends for this purpose: a write makes pages before it moves the
    /// end.</param>
    private bool TryGetPage(long pageIndex, long endPage, bool forWrite, out Frame frame, out Errno error)
    {
        while (true)
        {
            uint cuts = Cuts;
            switch (Find(pageIndex, endPage, forWrite, out frame, out error))
            {
                case FindResult.Found: return true;
                case FindResult.Failed: return false;
                case FindResult.Lent:
                    if (!TryReplaceLent(pageIndex, frame, out error)) return false;
                    break;
                default:
                    if (TryMakePage(pageIndex, forWrite, cuts, out frame, out error)) return true;
                    if (error != Errno.None) return false;
                    break;
            }
        }
    }

    private FindResult Find(long pageIndex, long endPage, bool forWrite, out Frame frame, out Errno error)
    {
        frame = default;
        error = Errno.EFAULT;
        using SpinLock<State>.Guard guard = _pages.Acquire();
        ref State state = ref guard.State;
        if (state.IsClosed || pageIndex >= endPage) return FindResult.Failed;

        error = Errno.None;
        if (!state.Tree.TryFind(pageIndex, out PageSlot slot)) return FindResult.Absent;

        if (forWrite && slot.State == PageState.Clean)
        {
            error = Errno.ENOSPC;
            if (_budget is not null && !_budget.TryCharge(1)) return FindResult.Failed;
            error = Errno.None;
            slot.Set(slot.Frame, PageState.Dirty);
        }

        frame = slot.Frame;
        frame.Retain();
        return forWrite && slot.State == PageState.Lent ? FindResult.Lent : FindResult.Found;
    }

    /// <summary>Makes a page, fills it and enters it. False without an error: look again.</summary>
    private bool TryMakePage(long pageIndex, bool forWrite, uint cuts, out Frame frame, out Errno error)
    {
        if (!TryFill(pageIndex, forWrite, out frame, out PageState state, out error)) return false;

        frame.Retain();
        if (TryEnter(pageIndex, frame, state, cuts, out error)) return true;

        frame.Release();
        frame.Release();
        frame = default;
        return false;
    }

    /// <summary>A frame with what the page holds when nobody has written it.</summary>
    private bool TryFill(long pageIndex, bool forWrite, out Frame frame, out PageState state, out Errno error)
    {
        error = Errno.ENOMEM;
        state = PageState.Dirty;
        int fillBytes = FillBytes(pageIndex);
        if (fillBytes == 0) return UserFrames.TryAllocateZeroed(out frame);

        PageFiller filler = _filler!;
        if (!forWrite && fillBytes == PageBytes && filler.TryLend(pageIndex, out frame))
        {
            state = PageState.Lent;
            return true;
        }

        if (!UserFrames.TryAllocate(out frame)) return false;
        if (!filler.TryFill(pageIndex, frame, out error))
        {
            frame.Release();
            frame = default;
            return false;
        }

        frame.Bytes[fillBytes..].Clear();
        if (!forWrite) state = PageState.Clean;
        return true;
    }

    /// <summary>How many bytes of the page the filler still has a say in: none that were ever cut
    /// off.</summary>
    private int FillBytes(long pageIndex)
    {
        if (_filler is null) return 0;

        using SpinLock<State>.Guard guard = _pages.Acquire();
        long left = guard.State.FillLimitBytes - pageIndex * PageBytes;
        return left <= 0 ? 0 : left < PageBytes ? (int)left : PageBytes;
    }

    /// <summary>
    /// Enters a frame, whose reference becomes the cache's. False without an error: there is a page by now,
    /// or the file was cut since <paramref name="cuts"/> was read.
    /// </summary>
    private bool TryEnter(long pageIndex, Frame frame, PageState state, uint cuts, out Errno error)
    {
        error = Errno.ENOSPC;
        bool isCharged = state == PageState.Dirty;
        if (isCharged && _budget is not null && !_budget.TryCharge(1)) return false;

        if (TryInsert(pageIndex, frame, state, cuts, out error))
        {
            PageCounters.Add(this, 1);
            if (_filler is not null && state == PageState.Clean) CleanPages.Add(this);
            return true;
        }

        if (isCharged) _budget?.Uncharge(1);
        return false;
    }

    private bool TryInsert(long pageIndex, Frame frame, PageState state, uint cuts, out Errno error)
    {
        PageNode? spare = null;
        while (true)
        {
            NodeKind needed;
            using (SpinLock<State>.Guard guard = _pages.Acquire())
            {
                error = Errno.None;
                ref State pages = ref guard.State;
                if (pages.IsClosed || Cuts != cuts || pages.Tree.TryFind(pageIndex, out _)) return false;
                if (pages.Tree.TryInsert(pageIndex, frame, state, ref spare, out needed))
                {
                    pages.PageCount++;
                    return true;
                }
            }

            spare = PageNode.Create(needed);
            error = Errno.ENOMEM;
            if (spare is null) return false;
        }
    }

    /// <summary>Puts a copy in the place of a lent page that is about to be written. Takes over the
    /// reference.</summary>
    private bool TryReplaceLent(long pageIndex, Frame lent, out Errno error)
    {
        error = Errno.ENOMEM;
        bool isReplaced = false;
        if (UserFrames.TryAllocate(out Frame copy))
        {
            copy.CopyFrom(lent);
            isReplaced = TryExchange(pageIndex, lent, copy, out error);
            if (!isReplaced) copy.Release();
        }

        if (isReplaced)
        {
            // Programs that map the lent page must find the new one.
            InvalidateMappings(pageIndex, pageIndex + 1, ClearScope.BackedOnly);
            lent.Release();
        }

        lent.Release();
        return error == Errno.None;
    }

    private bool TryExchange(long pageIndex, Frame lent, Frame copy, out Errno error)
    {
        error = Errno.None;
        using SpinLock<State>.Guard guard = _pages.Acquire();
        if (!guard.State.Tree.TryFind(pageIndex, out PageSlot slot)) return false;
        if (slot.State != PageState.Lent || !slot.Frame.Equals(lent)) return false;

        error = Errno.ENOSPC;
        if (_budget is not null && !_budget.TryCharge(1)) return false;
        error = Errno.None;
        slot.Set(copy, PageState.Dirty);
        return true;
    }

    private void RemovePages(long firstPage, long endPage)
    {
        Span<Frame> frames = stackalloc Frame[BatchPages];
        while (TakeBatch(firstPage, endPage, TakeFilter.All, frames) != 0)
        {
        }
    }

    /// <summary>Takes some pages out and gives their frames back; returns how many.</summary>
    private int TakeBatch(long firstPage, long endPage, TakeFilter filter, Span<Frame> frames)
    {
        int count;
        long dirtyPages = 0;
        using (SpinLock<State>.Guard guard = _pages.Acquire())
        {
            count = guard.State.Tree.Take(firstPage, endPage, filter, frames, ref dirtyPages);
            guard.State.PageCount -= count;
        }

        for (int i = 0; i < count; i++) frames[i].Release();
        if (dirtyPages != 0) _budget?.Uncharge(dirtyPages);
        if (count != 0) PageCounters.Add(this, -count);
        return count;
    }

    private enum FindResult
    {
        Found,
        Absent,
        Lent,
        Failed,
    }

    private struct State
    {
        internal PageTree Tree;
        internal long PageCount;

        /// <summary>The filler has a say below this offset: its length, or the shortest the file has been
        /// since.</summary>
        internal long FillLimitBytes;

        internal bool IsClosed;
    }
}
