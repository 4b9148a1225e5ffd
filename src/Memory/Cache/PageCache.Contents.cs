using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Memory;

/// <content>Reading, writing and cutting.</content>
public partial class PageCache
{
    /// <summary>Reads up to the end of the file. Allocates nothing when the pages are in memory.</summary>
    /// <errors>EFAULT: bad user memory before the first byte. EIO, ENOMEM: from the filler,
    /// likewise.</errors>
    public IoResult Read(long offset, ref UserDestination destination)
    {
        Span<Frame> frames = stackalloc Frame[BatchPages];
        long at = offset;
        Errno error = Errno.None;
        while (error == Errno.None && destination.RemainingBytes > 0 && !destination.HasFaulted)
        {
            long available = LengthBytes - at;
            if (available <= 0) break;

            int wanted = available < destination.RemainingBytes ? (int)available : destination.RemainingBytes;
            long firstPage = at / PageBytes;
            long pages = PagesFor(at % PageBytes + wanted);
            Span<Frame> batch = frames[..(pages < BatchPages ? (int)pages : BatchPages)];
            _ = GetCachedPages(firstPage, batch);
            at += ReadBatch(batch, at, wanted, ref destination, out error);
        }

        if (at != offset) return at - offset;
        return destination.HasFaulted ? Errno.EFAULT : error;
    }

    /// <summary>Writes, making the file longer as needed. The checks against limits are the
    /// caller's.</summary>
    /// <errors>EFAULT: bad user memory before the first byte. ENOSPC, ENOMEM: no page, likewise. EPERM: a
    /// seal.</errors>
    /// <locking>Takes the contents lock, and page faults on the source while it is held.</locking>
    public IoResult Write(long offset, ref UserSource source)
    {
        using SleepLock.Guard guard = _contents.Acquire();
        return WriteLocked(offset, ref source);
    }

    /// <summary>Writes at the end of the file, wherever that is by now (O_APPEND).</summary>
    /// <param name="offset">Where it was.</param>
    public IoResult Append(ref UserSource source, out long offset)
    {
        using SleepLock.Guard guard = _contents.Acquire();
        offset = _lengthBytes;
        return WriteLocked(offset, ref source);
    }

    /// <summary>Sets the length. What is cut off is gone from mappings, too: touching it raises
    /// SIGBUS.</summary>
    /// <errors>ENOMEM, ENOSPC: the page that the new end divides needs a copy and there is none. EPERM: a
    /// seal.</errors>
    public Errno Truncate(long lengthBytes)
    {
        using SleepLock.Guard guard = _contents.Acquire();
        Errno error = CheckLength(lengthBytes);
        if (error != Errno.None) return error;
        if (lengthBytes > _lengthBytes)
        {
            ClearTail(_lengthBytes, lengthBytes);
            SetLength(lengthBytes);
            return Errno.None;
        }

        // All that can fail comes first: the page that stays in part will be written.
        if (!TryGetDivided(lengthBytes, out Frame divided, out error)) return error;

        SetLength(lengthBytes);
        InvalidateMappings(PagesFor(lengthBytes));
        RemovePages(PagesFor(lengthBytes), long.MaxValue);
        if (!divided.IsNone)
        {
            divided.Bytes[(int)(lengthBytes % PageBytes)..].Clear();
            divided.Release();
        }

        return Errno.None;
    }

    /// <summary>Makes a range read as zeros and frees its whole pages; the length stays.</summary>
    /// <errors>EPERM: a seal. ENOMEM, ENOSPC: a page that stays in part needs a copy.</errors>
    /// <source>fallocate(2), FALLOC_FL_PUNCH_HOLE.</source>
    public Errno PunchHole(long offset, long lengthBytes)
    {
        using SleepLock.Guard guard = _contents.Acquire();
        if ((Seals & (FileSeals.Write | FileSeals.FutureWrite)) != 0) return Errno.EPERM;
        long end = lengthBytes > _lengthBytes - offset ? _lengthBytes : offset + lengthBytes;
        long at = offset;
        while (at < end)
        {
            int inPage = (int)(at % PageBytes);
            int chunk = ChunkBytes(at, end - at);
            bool isWhole = inPage == 0 && (chunk == PageBytes || at + chunk == _lengthBytes);
            if (isWhole && FillBytes(at / PageBytes) == 0)
            {
                // From here on there is nothing that the filler would bring back.
                long endPage = end == _lengthBytes ? PagesFor(end) : end / PageBytes;
                // Programs lose the pages last: what they touch in between is new already.
                RemovePages(at / PageBytes, endPage);
                InvalidateMappings(at / PageBytes, endPage, ClearScope.BackedOnly);
                at = endPage * PageBytes;
                continue;
            }

            Errno error = ClearInPage(at, chunk);
            if (error != Errno.None) return error;
            at += chunk;
        }

        // What fallocate(2) has put behind the end goes, too.
        long behind = PagesFor(long.Max(_lengthBytes, offset));
        long last = lengthBytes > long.MaxValue - offset ? long.MaxValue : offset + lengthBytes;
        if (last / PageBytes > behind) RemovePages(behind, last / PageBytes);
        return Errno.None;
    }

    public override Errno Discard(long firstPage, long pageCount) => PunchHole(firstPage * PageBytes, pageCount * PageBytes);

    /// <summary>Makes sure that writing a range will not fail for lack of room; the length stays.</summary>
    /// <source>fallocate(2), FALLOC_FL_KEEP_SIZE.</source>
    /// <errors>
    /// ENOSPC: at once when there is no such room at all. ENOMEM. EINTR: a signal. Pages made before the
    /// failure stay, as zeros. EPERM: beyond the end of a file that may not grow, even if the length would
    /// stay.
    /// </errors>
    public Errno Reserve(long offset, long lengthBytes)
    {
        using SleepLock.Guard guard = _contents.Acquire();
        if ((Seals & FileSeals.Grow) != 0 && offset + lengthBytes > _lengthBytes) return Errno.EPERM;
        long firstPage = offset / PageBytes;
        long endPage = PagesFor(offset + lengthBytes);
        if (_budget is { LimitPages: > 0 } && endPage - firstPage > _budget.LimitPages) return Errno.ENOSPC;
        Thread caller = Thread.Current;
        for (long page = firstPage; page < endPage; page++)
        {
            if (caller.IsInterruptRequested || caller.IsKillRequested) return Errno.EINTR;
            Scheduler.RescheduleIfWanted();
            if (!TryGetPageUnderPressure(page, endPage, forWrite: true, out Frame frame, out Errno error)) return error;
            frame.Release();
        }

        return Errno.None;
    }

    private static int ChunkBytes(long at, long leftBytes)
    {
        int inPage = PageBytes - (int)(at % PageBytes);
        return leftBytes < inPage ? (int)leftBytes : inPage;
    }

    private void SetLength(long lengthBytes)
    {
        using SpinLock<State>.Guard guard = _pages.Acquire();
        Volatile.Write(ref _lengthBytes, lengthBytes);
        if (lengthBytes < guard.State.FillLimitBytes) guard.State.FillLimitBytes = lengthBytes;
    }

    private bool TryGetPageUnderPressure(
        long pageIndex, long endPage, bool forWrite, out Frame frame, out Errno error)
    {
        while (true)
        {
            if (TryGetPage(pageIndex, endPage, forWrite, out frame, out error)) return true;
            if (error != Errno.ENOMEM || !MemoryPressure.TryRelieve()) return false;
        }
    }

    /// <summary>Copies out of a batch of pages and gives back their references. Returns the bytes
    /// moved.</summary>
    private int ReadBatch(
        scoped Span<Frame> batch, long offset, int wantedBytes, ref UserDestination destination, out Errno error)
    {
        error = Errno.None;
        int done = 0;
        for (int i = 0; i < batch.Length; i++)
        {
            if (done < wantedBytes && error == Errno.None && !destination.HasFaulted)
                done += ReadPage(ref batch[i], offset + done, wantedBytes - done, ref destination, out error);
            if (!batch[i].IsNone) batch[i].Release();
        }

        return done;
    }

    private int ReadPage(
        ref Frame frame, long offset, int wantedBytes, ref UserDestination destination, out Errno error)
    {
        error = Errno.None;
        int chunk = ChunkBytes(offset, wantedBytes);
        long page = offset / PageBytes;
        if (frame.IsNone)
        {
            if (FillBytes(page) == 0) return destination.Clear(chunk);
            if (!TryGetPageUnderPressure(page, PagesFor(LengthBytes), forWrite: false, out frame, out error))
            {
                // Cut meanwhile: as if the end had been met.
                if (error == Errno.EFAULT) error = Errno.None;
                return 0;
            }
        }

        return destination.Write(frame.Bytes.Slice((int)(offset % PageBytes), chunk));
    }

    private IoResult WriteLocked(long offset, ref UserSource source)
    {
        Errno error = CheckWrite(offset, ref source);
        if (error != Errno.None) return error;
        ClearTail(_lengthBytes, offset);
        long at = offset;
        while (error == Errno.None && source.RemainingBytes > 0 && !source.HasFaulted)
        {
            int moved = WritePage(at, ChunkBytes(at, source.RemainingBytes), ref source, out error);
            at += moved;
            if (moved != 0 && at > _lengthBytes) SetLength(at);
        }

        // A page that was made in vain must not stay beyond the end.
        bool isCutShort = error != Errno.None || source.HasFaulted;
        if (isCutShort && PagesFor(_lengthBytes) <= at / PageBytes) RemovePages(at / PageBytes, at / PageBytes + 1);

        if (at != offset) return at - offset;
        return source.HasFaulted ? Errno.EFAULT : error;
    }

    private int WritePage(long offset, int chunkBytes, ref UserSource source, out Errno error)
    {
        long page = offset / PageBytes;
        FindResult found = Find(page, page + 1, forWrite: true, out Frame frame, out error);
        if (found != FindResult.Found)
        {
            if (found == FindResult.Lent) frame.Release();
            if (found == FindResult.Absent && chunkBytes == PageBytes) return WriteNewPage(page, ref source, out error);
            if (!TryGetPageUnderPressure(page, page + 1, forWrite: true, out frame, out error)) return 0;
        }

        int done = source.Read(frame.Bytes.Slice((int)(offset % PageBytes), chunkBytes));
        frame.Release();
        return done;
    }

    /// <summary>Writes a whole page that is not in memory: no need to clear or read it first.</summary>
    private int WriteNewPage(long page, ref UserSource source, out Errno error)
    {
        error = Errno.ENOMEM;
        Frame written;
        while (!UserFrames.TryAllocate(out written))
        {
            if (!MemoryPressure.TryRelieve()) return 0;
        }

        // Nobody sees the frame yet, so a fault half-way does no harm; it may even bring in this very page.
        uint cuts = Cuts;
        int done = source.Read(written.Bytes);
        error = Errno.None;
        if (done == PageBytes && TryEnter(page, written, PageState.Dirty, cuts, out error)) return done;

        if (done != 0 && error == Errno.None
            && TryGetPageUnderPressure(page, page + 1, forWrite: true, out Frame frame, out error))
        {
            written.Bytes[..done].CopyTo(frame.Bytes);
            frame.Release();
        }

        written.Release();
        return error == Errno.None ? done : 0;
    }

    /// <summary>
    /// The page that a cut at this offset leaves in part, ready to be written; none if the offset is on a
    /// boundary or there is only a hole.
    /// </summary>
    private bool TryGetDivided(long lengthBytes, out Frame frame, out Errno error)
    {
        frame = default;
        error = Errno.None;
        long page = lengthBytes / PageBytes;
        if (lengthBytes % PageBytes == 0 || (!IsCached(page) && FillBytes(page) == 0)) return true;

        return TryGetPageUnderPressure(page, page + 1, forWrite: true, out frame, out error);
    }

    /// <summary>
    /// Clears what programs may have written behind the end of the file through a mapping of its last page,
    /// before the end moves past it.
    /// </summary>
    private void ClearTail(long oldLengthBytes, long newEnd)
    {
        int inPage = (int)(oldLengthBytes % PageBytes);
        if (newEnd <= oldLengthBytes || inPage == 0) return;

        Span<Frame> frames = stackalloc Frame[1];
        if (GetCachedPages(oldLengthBytes / PageBytes, frames) == 0) return;
        // Not a lent page: those lie wholly within the file.
        frames[0].Bytes[inPage..].Clear();
        frames[0].Release();
    }

    private Errno ClearInPage(long offset, int lengthBytes)
    {
        long page = offset / PageBytes;
        if (!IsCached(page) && FillBytes(page) == 0) return Errno.None;
        if (!TryGetPageUnderPressure(page, page + 1, forWrite: true, out Frame frame, out Errno error)) return error;

        frame.Bytes.Slice((int)(offset % PageBytes), lengthBytes).Clear();
        frame.Release();
        return Errno.None;
    }
}
