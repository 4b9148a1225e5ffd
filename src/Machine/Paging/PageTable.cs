using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;

namespace Cashew.Machine;

/// <summary>
/// The user half of one address space, as the processor walks it; the kernel half is shared by all. It has no
/// lock of its own: the owner's protects it.
/// </summary>
/// <source>Intel SDM volume 3, 4.5 (4-level paging).</source>
public sealed unsafe partial class PageTable
{
    internal const int EntryCount = 512;
    internal const int LevelBits = 9;
    internal const int TopLevel = 3;

    private const int UserTopEntries = 256;

    // Past this many pages one full flush is cheaper than single ones.
    private const ulong MaximumSingleFlushBytes = 32 * UserAddress.PageSizeBytes;

    private static long s_tableCount;

    private readonly ulong _root;

    private PageTable(ulong root)
    {
        _root = root;
    }

    /// <summary>Frames that all user page tables together take.</summary>
    public static long TableCount => Volatile.Read(ref s_tableCount);

    /// <summary>Frames that this one takes.</summary>
    public int TableFrameCount { get; private set; } = 1;

    internal ulong Root => _root;

    /// <summary>False when there is no frame for the top level.</summary>
    public static bool TryCreate([NotNullWhen(true)] out PageTable? table)
    {
        if (!TryAllocateTable(out ulong root))
        {
            table = null;
            return false;
        }

        ulong* entries = DirectMap.Pointer<ulong>(root);
        ulong* kernel = DirectMap.Pointer<ulong>(KernelMap.Root);
        for (int i = UserTopEntries; i < EntryCount; i++)
        {
            entries[i] = kernel[i];
        }

        table = new PageTable(root);
        return true;
    }

    /// <summary>
    /// Enters a page, replacing what was there. Reference counts are the caller's business. False when there
    /// is no frame for a table on the way; nothing has changed then.
    /// </summary>
    public bool TryMap(UserAddress at, Frame frame, PageRights rights, bool mark = false)
    {
        ulong* entry = EntryOrCreate(at.Value);
        if (entry == null)
        {
            return false;
        }

        *entry = PageEntry.Encode(frame, rights, mark);
        return true;
    }

    /// <summary>The same where no page is. False, too, when one is.</summary>
    public bool TryMapAbsent(UserAddress at, Frame frame, PageRights rights, bool mark, out bool isOccupied)
    {
        ulong* entry = FindEntry(at.Value, out isOccupied);
        if (entry == null)
        {
            return !isOccupied && TryMap(at, frame, rights, mark);
        }

        isOccupied = (*entry & PageBits.Occupied) != 0;
        if (isOccupied)
        {
            return false;
        }

        *entry = PageEntry.Encode(frame, rights, mark);
        return true;
    }

    /// <summary>
    /// Enters neighbors whose places are empty and takes them out of the span. All lie in one table; when
    /// that does not exist, nothing happens.
    /// </summary>
    /// <returns>How many.</returns>
    public int MapNeighbors(UserAddress start, Span<Frame> frames, PageRights rights)
    {
        if (Index(start.Value, 0) + frames.Length > EntryCount)
        {
            Panic.Stop("neighbors do not lie in one page table");
        }

        ulong* entry = FindEntry(start.Value, out _);
        if (entry == null)
        {
            return 0;
        }

        int count = 0;
        ulong bits = PageEntry.Encode(default, rights, mark: false);
        for (int i = 0; i < frames.Length; i++)
        {
            Frame frame = frames[i];
            if (frame.IsNone || (entry[i] & PageBits.Occupied) != 0)
            {
                continue;
            }

            entry[i] = bits | frame.Physical;
            frames[i] = default;
            count++;
        }

        return count;
    }

    /// <summary>Enters what <see cref="PageCursor.ShareRun"/> has copied, at the same addresses, where
    /// nothing is. False when there is no frame for a table on the way.</summary>
    public bool TryMapRun(UserAddress start, ReadOnlySpan<PageEntry> run)
    {
        ulong* entry = EntryOrCreate(start.Value);
        if (entry == null)
        {
            return false;
        }

        foreach (PageEntry copied in run)
        {
            *entry++ = copied.Value;
        }

        return true;
    }

    public PageEntry Lookup(UserAddress at)
    {
        ulong* table = DirectMap.Pointer<ulong>(_root);
        for (int level = TopLevel; level > 0; level--)
        {
            ulong entry = table[Index(at.Value, level)];
            if ((entry & (PageBits.Present | PageBits.Large)) != PageBits.Present)
            {
                return IsBlock(entry) ? PartOf(entry, at.Value) : default;
            }

            table = DirectMap.Pointer<ulong>(entry & PageBits.AddressMask);
        }

        return new PageEntry(table[Index(at.Value, 0)]);
    }

    /// <summary>Visits the present pages of [start, end), skipping absent tables as a whole.</summary>
    public PageCursor Pages(UserAddress start, UserAddress end) => new(this, start.Value, end.Value);

    /// <summary>
    /// Makes the processor forget translations of a range: after taking rights away and before releasing
    /// frames.
    /// </summary>
    public void Flush(UserAddress start, UserAddress end)
    {
        // When other processors run, those that have this table active will be interrupted here.
        if (CpuBlock.Current->ActiveRoot != _root)
        {
            return;
        }

        if (end - start > MaximumSingleFlushBytes)
        {
            Instructions.WriteCr3(_root);
            return;
        }

        for (ulong page = start.PageDown.Value; page < end.Value; page += UserAddress.PageSizeBytes)
        {
            Instructions.InvalidatePage(page);
        }
    }

    /// <summary>Loads the table on this processor.</summary>
    public void Activate()
    {
        CpuBlock* cpu = CpuBlock.Current;
        if (cpu->ActiveRoot != _root)
        {
            cpu->ActiveRoot = _root;
            Instructions.WriteCr3(_root);
        }
    }

    /// <summary>Frees the tables; the caller has already cleared and released the pages.</summary>
    public void Release()
    {
        CpuBlock* cpu = CpuBlock.Current;
        if (cpu->ActiveRoot == _root)
        {
            cpu->ActiveRoot = KernelMap.Root;
            Instructions.WriteCr3(KernelMap.Root);
        }

        ulong* entries = DirectMap.Pointer<ulong>(_root);
        for (int i = 0; i < UserTopEntries; i++)
        {
            FreeTable(entries[i], TopLevel - 1);
        }

        FreeTableFrame(_root);
        FreeSpares();
    }

    internal static int Index(ulong address, int level) =>
        (int)(address >> (FrameTable.FrameShift + LevelBits * level)) & (EntryCount - 1);

    internal static bool TryAllocateTable(out ulong address)
    {
        uint frame = FrameAllocator.AllocateForPrograms(FrameKind.PageTable);
        address = (ulong)frame << FrameTable.FrameShift;
        if (frame == 0)
        {
            return false;
        }

        PageOperations.Clear(DirectMap.Pointer<byte>(address));
        Interlocked.Increment(ref s_tableCount);
        return true;
    }

    private static void FreeTableFrame(ulong address)
    {
        Interlocked.Decrement(ref s_tableCount);
        FrameAllocator.Free((uint)(address >> FrameTable.FrameShift), 0);
    }

    private static void FreeTable(ulong entry, int level)
    {
        if ((entry & PageBits.Present) == 0)
        {
            return;
        }

        ulong address = entry & PageBits.AddressMask;
        if (level > 0)
        {
            ulong* entries = DirectMap.Pointer<ulong>(address);
            for (int i = 0; i < EntryCount; i++)
            {
                FreeTable(entries[i], level - 1);
            }
        }

        FreeTableFrame(address);
    }

    /// <summary>The entry of a small page; null where there is no table for it.</summary>
    private ulong* FindEntry(ulong address, out bool isInBlock)
    {
        isInBlock = false;
        ulong* table = DirectMap.Pointer<ulong>(_root);
        for (int level = TopLevel; level > 0; level--)
        {
            ulong entry = table[Index(address, level)];
            if ((entry & (PageBits.Present | PageBits.Large)) != PageBits.Present)
            {
                isInBlock = IsBlock(entry);
                return null;
            }

            table = DirectMap.Pointer<ulong>(entry & PageBits.AddressMask);
        }

        return table + Index(address, 0);
    }

    private ulong* EntryOrCreate(ulong address)
    {
        ulong* table = DirectMap.Pointer<ulong>(_root);
        for (int level = TopLevel; level > 0; level--)
        {
            ulong* entry = table + Index(address, level);
            if (IsBlock(*entry))
            {
                SplitBlock(entry);
            }
            else if ((*entry & PageBits.Present) == 0)
            {
                if (!TryAllocateTable(out ulong next))
                {
                    return null;
                }

                TableFrameCount++;
                *entry = next | PageBits.Present | PageBits.Writable | PageBits.User;
            }

            table = DirectMap.Pointer<ulong>(*entry & PageBits.AddressMask);
        }

        return table + Index(address, 0);
    }
}
