using System;
using Cashew.Machine;

namespace Cashew.Memory;

/// <summary>
/// The page tables of one space and the count of what they hold. All changes of entries go through here,
/// under one spin lock; work on ranges lets go of it after every batch. Frames are released only after the
/// processors have forgotten the translation.
/// </summary>
/// <remarks>
/// The software mark of an entry means "anonymous": a frame that belongs to private mappings alone. So an
/// entry tells by itself how it is counted, and whether the frame may be written in place when nobody else
/// holds it.
/// </remarks>
internal sealed partial class PageMap
{
    // 64 frames of 4 bytes: what a kernel stack can spare.
    private const int BatchPages = 64;
    private const int BatchBlocks = 32;

    // Entries looked at under one hold of the lock when no frames have to be collected.
    private const int BatchEntries = 512;

    private readonly SpinLock<State> _lock;

    internal PageMap(PageTable table)
    {
        Table = table;
        _lock = new SpinLock<State>(LockRank.PageTable, new State());
    }

    /// <summary>For activation and flushing; entries are reached through this class.</summary>
    internal PageTable Table { get; }

    internal ResidentPages Resident
    {
        get
        {
            using SpinLock<State>.Guard guard = _lock.Acquire();
            ResidentPages resident = guard.State.Resident;
            resident.Huge = (long)Table.BlockCount * FrameBlock.FrameCount;
            return resident;
        }
    }

    /// <summary>The largest number of pages ever resident.</summary>
    internal long PeakResident
    {
        get
        {
            using SpinLock<State>.Guard guard = _lock.Acquire();
            return guard.State.PeakWithNow;
        }
    }

    /// <summary>What the processor must be allowed so that a program has these rights: x86 cannot deny
    /// reading alone.</summary>
    internal static PageRights HardwareRights(PageRights rights) =>
        rights == PageRights.None ? PageRights.None : rights | PageRights.Read;

    /// <summary>Enters a frame where there is none; its reference becomes the table's when it was
    /// installed.</summary>
    internal InstallResult Install(
        in FaultTicket ticket, UserAddress page, Frame frame, PageRights rights, PageKind kind)
    {
        using SpinLock<State>.Guard guard = _lock.Acquire();
        if (!ticket.IsCurrent) return InstallResult.Stale;
        bool isAnonymous = kind == PageKind.Anonymous && !IsZero(frame);
        if (!Table.TryMapAbsent(page, frame, HardwareRights(rights), isAnonymous, out bool isOccupied))
            return isOccupied ? InstallResult.Occupied : InstallResult.OutOfMemory;

        if (!IsZero(frame)) guard.State.Resident.Add(kind, 1);
        return InstallResult.Installed;
    }

    /// <summary>Whether a large page could be entered here; it need not be so any more when it is.</summary>
    internal bool MayHoldBlock(UserAddress start)
    {
        using SpinLock<State>.Guard guard = _lock.Acquire();
        return Table.MayHoldBlock(start);
    }

    /// <summary>Enters a large page of private memory where nothing is; its reference becomes the table's
    /// when it was installed.</summary>
    internal InstallResult InstallBlock(in FaultTicket ticket, UserAddress start, FrameBlock block, PageRights rights)
    {
        using SpinLock<State>.Guard guard = _lock.Acquire();
        if (!ticket.IsCurrent) return InstallResult.Stale;
        if (!Table.MayHoldBlock(start)) return InstallResult.Occupied;
        if (!Table.TryMapBlock(start, block, HardwareRights(rights))) return InstallResult.OutOfMemory;

        guard.State.Resident.Add(PageKind.Anonymous, FrameBlock.FrameCount);
        return InstallResult.Installed;
    }

    /// <summary>
    /// Enters the neighbors of a faulting page that are in memory already. References of those not entered
    /// are given back by the caller: they stay in <paramref name="frames"/>, entered ones are taken out.
    /// </summary>
    internal void InstallNeighbors(
        in FaultTicket ticket, UserAddress start, Span<Frame> frames, PageRights rights, PageKind kind)
    {
        using SpinLock<State>.Guard guard = _lock.Acquire();
        if (ticket.IsCurrent)
            guard.State.Resident.Add(kind, Table.MapNeighbors(start, frames, HardwareRights(rights)));
    }

    /// <summary>
    /// Lets a present entry do what the mapping allows, short of writing. False: there is no entry, or the
    /// ticket is old.
    /// </summary>
    internal bool TryGrant(in FaultTicket ticket, UserAddress page, PageRights rights)
    {
        PageRights wanted = HardwareRights(rights) & ~PageRights.Write;
        using SpinLock<State>.Guard guard = _lock.Acquire();
        PageEntry entry = Table.Lookup(page);
        if (!entry.IsPresent || !ticket.IsCurrent) return false;
        if ((entry.Rights & wanted) == wanted) return true;

        // The entry exists, so no table has to be made and this cannot fail.
        return Table.TryMap(page, entry.Frame, entry.Rights | wanted, entry.HasMark);
    }

    /// <summary>
    /// Makes a private page writable in place if nobody else holds its frame (or it is writable already).
    /// Otherwise hands out the frame to copy from, with a reference.
    /// </summary>
    /// <returns>False: there is no entry.</returns>
    internal bool TryReuse(in FaultTicket ticket, UserAddress page, PageRights rights, out Frame toCopy)
    {
        toCopy = default;
        using SpinLock<State>.Guard guard = _lock.Acquire();
        PageEntry entry = Table.Lookup(page);
        if (!entry.IsPresent) return false;
        if ((entry.Rights & PageRights.Write) != 0) return true;

        if (entry.IsBlock)
        {
            // Shared, it is copied in small pages: to copy all of it would be dear when little is written.
            if (ticket.IsCurrent && entry.Block.IsUnshared)
            {
                Table.SetBlockRights(page, HardwareRights(rights));
                return true;
            }
        }

        // A marked frame with one reference is in no cache and in no other table. The entry exists: TryMap
        // cannot fail.
        else if (entry.HasMark && entry.Frame.ReferenceCount == 1 && ticket.IsCurrent
            && Table.TryMap(page, entry.Frame, HardwareRights(rights), mark: true))
        {
            return true;
        }

        toCopy = entry.Frame;
        toCopy.Retain();
        return true;
    }

    /// <summary>Replaces a page by a private copy of it. On success the old entry's reference has been given
    /// back.</summary>
    internal InstallResult Replace(
        in FaultTicket ticket, UserAddress page, Frame old, Frame copy, PageRights rights, PageKind oldKind)
    {
        using (SpinLock<State>.Guard guard = _lock.Acquire())
        {
            PageEntry entry = Table.Lookup(page);
            if (!ticket.IsCurrent || !entry.IsPresent || !entry.Frame.Equals(old)) return InstallResult.Stale;
            if (!Table.TryMap(page, copy, HardwareRights(rights), mark: true)) return InstallResult.OutOfMemory;
            if (!IsZero(old)) guard.State.Resident.Add(entry.HasMark ? PageKind.Anonymous : oldKind, -1);
            guard.State.Resident.Add(PageKind.Anonymous, 1);
        }

        Table.Flush(page, page + UserAddress.PageSizeBytes);
        old.Release();
        return InstallResult.Installed;
    }

    /// <summary>
    /// Gives an entry of a shared mapping the rights of the mapping, if it still holds this frame. Takes over
    /// no reference.
    /// </summary>
    internal InstallResult Upgrade(in FaultTicket ticket, UserAddress page, Frame frame, PageRights rights)
    {
        using SpinLock<State>.Guard guard = _lock.Acquire();
        PageEntry entry = Table.Lookup(page);
        if (!ticket.IsCurrent || !entry.IsPresent || !entry.Frame.Equals(frame)) return InstallResult.Stale;
        return Table.TryMap(page, frame, HardwareRights(rights), entry.HasMark)
            ? InstallResult.Installed
            : InstallResult.OutOfMemory;
    }

    /// <summary>The entry's frame with a reference, if the entry allows the access.</summary>
    internal bool TryPin(UserAddress page, PageRights needed, out Frame frame)
    {
        frame = default;
        using SpinLock<State>.Guard guard = _lock.Acquire();
        PageEntry entry = Table.Lookup(page);
        if (!entry.IsPresent || (entry.Rights & needed) != needed) return false;

        frame = entry.Frame;
        frame.Retain();
        return true;
    }

    /// <summary>The same for a frame of private memory that nobody else holds, whatever the entry
    /// allows.</summary>
    internal bool TryPinOwn(UserAddress page, out Frame frame)
    {
        frame = default;
        using SpinLock<State>.Guard guard = _lock.Acquire();
        PageEntry entry = Table.Lookup(page);
        if (!entry.IsPresent || !entry.HasMark || !IsUnshared(entry)) return false;

        frame = entry.Frame;
        frame.Retain();
        return true;
    }

    /// <summary>Takes the pages of a range out and gives their frames back.</summary>
    internal void Clear(UserAddress start, UserAddress end, PageKind backing, ClearScope scope)
    {
        Span<Frame> frames = stackalloc Frame[BatchPages];
        Span<FrameBlock> blocks = stackalloc FrameBlock[BatchBlocks];
        UserAddress at = start;
        while (at < end)
        {
            int count = TakeBatch(at, end, backing, scope, frames, blocks, out int blockCount, out UserAddress next);
            if (count + blockCount != 0)
            {
                if (scope != ClearScope.Exit) Table.Flush(at, next);
                Frame.ReleaseAll(frames[..count]);
                for (int i = 0; i < blockCount; i++) blocks[i].Release();
            }

            at = next;
        }
    }

    /// <summary>Sets the rights of the pages of a range after the mapping's rights have changed.</summary>
    /// <remarks>
    /// Never grants writing, except to a private frame that nobody else holds: the fault that would grant it
    /// later tells the file, or copies.
    /// </remarks>
    internal void Protect(UserAddress start, UserAddress end, PageRights rights)
    {
        UserAddress at = start;
        while (at < end) at = ProtectBatch(at, end, HardwareRights(rights));
        Table.Flush(start, end);
    }

    /// <summary>Takes the right to write from pages that still belong to the file, so that the next write is
    /// noticed.</summary>
    internal void WriteProtect(UserAddress start, UserAddress end)
    {
        UserAddress at = start;
        while (at < end) at = WriteProtectBatch(at, end);
        Table.Flush(start, end);
    }

    /// <summary>
    /// Gives a child the pages of a range, and takes the right to write from both when the mapping is
    /// private.
    /// The caller flushes this space's translations when it is done with all ranges.
    /// </summary>
    /// <returns>False: no frame for one of the child's tables. What was copied stays with the
    /// child.</returns>
    internal bool TryShareWith(PageMap child, UserAddress start, UserAddress end, bool isShared, PageKind backing)
    {
        // The two tables have locks of the same rank, which are never held together: hence the run in
        // between.
        Span<PageEntry> run = stackalloc PageEntry[BatchPages];
        UserAddress at = start;
        while (at < end)
        {
            UserAddress first = ShareBatch(at, end, isShared, run, out int count, out UserAddress next);
            if (count != 0 && !child.TryAdopt(first, run[..count], backing)) return false;
            at = next;
        }

        return true;
    }

    /// <summary>Moves the pages of a range to another, empty one. The caller has seen to it that no fault
    /// interferes.</summary>
    /// <returns>False: no frame for a table. Everything is where it was.</returns>
    internal bool TryMove(UserAddress from, UserAddress to, ulong lengthBytes)
    {
        UserAddress at = from;
        UserAddress end = from + lengthBytes;
        while (at < end)
        {
            if (!TryMoveBatch(at, end, to, from, out UserAddress next))
            {
                // The tables at the old place still exist, so the way back cannot fail.
                UserAddress back = to;
                UserAddress backEnd = to + (next - from);
                while (back < backEnd && TryMoveBatch(back, backEnd, from, to, out UserAddress backNext)) back = backNext;
                Table.Flush(to, to + lengthBytes);
                return false;
            }

            at = next;
        }

        Table.Flush(from, end);
        return true;
    }

    /// <summary>Sets one byte to 1 for each page that is in the tables with these rights.</summary>
    internal void FindPresent(UserAddress start, Span<byte> present, PageRights needed)
    {
        UserAddress end = start + (ulong)present.Length * UserAddress.PageSizeBytes;
        using SpinLock<State>.Guard guard = _lock.Acquire();
        PageCursor cursor = Table.Pages(start, end);
        while (cursor.MoveNext())
        {
            if ((cursor.Entry.Rights & needed) == needed)
                present[(int)((cursor.Address - start) / UserAddress.PageSizeBytes)] = 1;
        }
    }

    private static bool IsZero(Frame frame) => frame.Equals(Frame.Zero);

    private static bool IsUnshared(in PageEntry entry) =>
        entry.IsBlock ? entry.Block.IsUnshared : entry.Frame.ReferenceCount == 1;

    /// <summary>The cursor stands in a large page. True when all of it is in the range; otherwise it is made
    /// small.</summary>
    private static bool IsWholeBlock(ref PageCursor cursor, UserAddress start, UserAddress end)
    {
        UserAddress first = cursor.BlockStart;
        if (first >= start && first + FrameBlock.SizeBytes <= end) return true;
        cursor.SplitBlock();
        return false;
    }

    private int TakeBatch(
        UserAddress start, UserAddress end, PageKind backing, ClearScope scope, Span<Frame> frames,
        Span<FrameBlock> blocks, out int blockCount, out UserAddress next)
    {
        int count = 0;
        blockCount = 0;
        next = end;
        using SpinLock<State>.Guard guard = _lock.Acquire();
        guard.State.NotePeak();
        PageCursor cursor = Table.Pages(start, end);
        while (cursor.MoveNext())
        {
            PageEntry entry = cursor.Entry;
            if (scope == ClearScope.BackedOnly && entry.HasMark) continue;
            if (count == frames.Length || blockCount == blocks.Length)
            {
                next = cursor.Address;
                break;
            }

            if (cursor.IsBlock && IsWholeBlock(ref cursor, start, end))
            {
                blocks[blockCount++] = entry.Block;
                guard.State.Resident.Add(PageKind.Anonymous, -FrameBlock.FrameCount);
                cursor.ClearBlock();
                cursor.SkipBlock();
                continue;
            }

            if (scope != ClearScope.BackedOnly)
            {
                count += cursor.TakeRun(frames[count..], out int marked, out int unmarked);
                guard.State.Resident.Add(PageKind.Anonymous, -marked);
                guard.State.Resident.Add(backing, -unmarked);
                continue;
            }

            frames[count++] = entry.Frame;
            guard.State.Resident.Add(backing, IsZero(entry.Frame) ? 0 : -1);
            cursor.Clear();
        }

        return count;
    }

    private UserAddress ProtectBatch(UserAddress start, UserAddress end, PageRights rights)
    {
        int count = 0;
        using SpinLock<State>.Guard guard = _lock.Acquire();
        PageCursor cursor = Table.Pages(start, end);
        while (cursor.MoveNext())
        {
            if (count++ == BatchEntries) return cursor.Address;

            bool isBlock = cursor.IsBlock && IsWholeBlock(ref cursor, start, end);
            PageEntry entry = cursor.Entry;
            bool mayWrite = (rights & PageRights.Write) != 0 && entry.HasMark && IsUnshared(entry);
            PageRights granted = mayWrite ? rights : rights & ~PageRights.Write;
            if (isBlock)
            {
                cursor.SetBlockRights(granted);
                cursor.SkipBlock();
                continue;
            }

            if (entry.Rights != granted) cursor.SetRights(granted);
        }

        return end;
    }

    private UserAddress WriteProtectBatch(UserAddress start, UserAddress end)
    {
        int count = 0;
        using SpinLock<State>.Guard guard = _lock.Acquire();
        PageCursor cursor = Table.Pages(start, end);
        while (cursor.MoveNext())
        {
            if (count++ == BatchEntries) return cursor.Address;

            PageEntry entry = cursor.Entry;
            if (entry.HasMark || (entry.Rights & PageRights.Write) == 0) continue;
            cursor.SetRights(entry.Rights & ~PageRights.Write);
        }

        return end;
    }

    /// <summary>Copies a run of entries, or that of one large page.</summary>
    /// <returns>The address of the first one.</returns>
    private UserAddress ShareBatch(
        UserAddress start, UserAddress end, bool isShared, Span<PageEntry> run, out int count, out UserAddress next)
    {
        count = 0;
        next = end;
        using SpinLock<State>.Guard guard = _lock.Acquire();
        PageCursor cursor = Table.Pages(start, end);
        if (!cursor.MoveNext()) return end;

        UserAddress first = cursor.Address;
        if (cursor.IsBlock && IsWholeBlock(ref cursor, start, end))
        {
            PageEntry entry = cursor.Entry;
            cursor.SetBlockRights(isShared ? entry.Rights : entry.Rights & ~PageRights.Write);
            run[0] = cursor.Entry;
            entry.Block.Retain();
            count = 1;
            next = first + FrameBlock.SizeBytes;
            return first;
        }

        count = cursor.ShareRun(run, isShared);
        next = first + (ulong)count * UserAddress.PageSizeBytes;
        return first;
    }

    /// <summary>Enters pages that come with a reference; gives the references back when there is no table for
    /// them.</summary>
    private bool TryAdopt(UserAddress first, ReadOnlySpan<PageEntry> run, PageKind backing)
    {
        if (run[0].IsBlock) return TryAdoptBlock(first, run[0]);

        bool isEntered;
        using (SpinLock<State>.Guard guard = _lock.Acquire())
        {
            isEntered = Table.TryMapRun(first, run);
            if (isEntered) Count(run, backing, ref guard.State.Resident);
        }

        for (int i = 0; !isEntered && i < run.Length; i++)
        {
            if (run[i].IsPresent) run[i].Frame.Release();
        }

        return isEntered;
    }

    private bool TryAdoptBlock(UserAddress first, in PageEntry entry)
    {
        using (SpinLock<State>.Guard guard = _lock.Acquire())
        {
            if (Table.TryMapBlock(first, entry.Block, entry.Rights))
            {
                guard.State.Resident.Add(PageKind.Anonymous, FrameBlock.FrameCount);
                return true;
            }
        }

        entry.Block.Release();
        return false;
    }

    private static void Count(ReadOnlySpan<PageEntry> run, PageKind backing, ref ResidentPages resident)
    {
        Frame zero = Frame.Zero;
        int anonymous = 0;
        int backed = 0;
        foreach (PageEntry entry in run)
        {
            if (!entry.IsPresent || entry.Frame.Equals(zero)) continue;
            if (entry.HasMark) anonymous++;
            else backed++;
        }

        resident.Add(PageKind.Anonymous, anonymous);
        resident.Add(backing, backed);
    }

    private bool TryMoveBatch(
        UserAddress start, UserAddress end, UserAddress to, UserAddress from, out UserAddress next)
    {
        Span<SharedPage> pages = stackalloc SharedPage[BatchPages / 4];
        int count = 0;
        next = end;
        using SpinLock<State>.Guard guard = _lock.Acquire();
        PageCursor cursor = Table.Pages(start, end);
        while (cursor.MoveNext())
        {
            if (count == pages.Length)
            {
                next = cursor.Address;
                break;
            }

            if (cursor.IsBlock && IsWholeBlock(ref cursor, start, end))
            {
                // A batch of its own, so that what is undone is what comes before some address.
                UserAddress block = cursor.BlockStart;
                if (count != 0)
                {
                    next = block;
                    break;
                }

                UserAddress target = to + (block - from);
                if (target.Value % FrameBlock.SizeBytes == 0 && Table.TryMoveBlock(block, target))
                {
                    cursor.SkipBlock();
                    continue;
                }

                cursor.SplitBlock();
            }

            PageEntry entry = cursor.Entry;
            pages[count++] = new SharedPage(cursor.Address, entry.Frame, entry.Rights, entry.HasMark);
            cursor.Clear();
        }

        for (int i = 0; i < count; i++)
        {
            SharedPage page = pages[i];
            if (Table.TryMap(to + (page.Address - from), page.Frame, page.Rights, page.IsAnonymous)) continue;

            // Back with this one and those that were still to come; the ones before it go back with the
            // caller's pass.
            for (int j = i; j < count; j++)
                _ = Table.TryMap(pages[j].Address, pages[j].Frame, pages[j].Rights, pages[j].IsAnonymous);
            next = page.Address;
            return false;
        }

        return true;
    }

    private readonly struct SharedPage(UserAddress address, Frame frame, PageRights rights, bool isAnonymous)
    {
        internal readonly UserAddress Address = address;
        internal readonly Frame Frame = frame;
        internal readonly PageRights Rights = rights;
        internal readonly bool IsAnonymous = isAnonymous;
    }

    private struct State
    {
        internal ResidentPages Resident;
        private long _peak;

        internal readonly long PeakWithNow => Resident.Total > _peak ? Resident.Total : _peak;

        /// <summary>Called before pages go away, so that their coming costs nothing.</summary>
        internal void NotePeak() => _peak = PeakWithNow;

        internal void ForgetPeak() => _peak = 0;
    }
}
