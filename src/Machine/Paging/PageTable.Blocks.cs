namespace Cashew.Machine;

/// <content>Large pages.</content>
/// <remarks>
/// With every large page a frame for a table is set aside, so that it can always be split: that happens in
/// the middle of operations which must not fail.
/// </remarks>
/// <source>Intel SDM volume 3, table 4-18 (a page-directory entry that maps a 2-MByte page).</source>
public sealed unsafe partial class PageTable
{
    private const int BlockLevel = 1;

    // Tables set aside, chained by their first words; as many as there are large pages.
    private ulong _firstSpare;

    /// <summary>Large pages.</summary>
    public int BlockCount { get; private set; }

    /// <summary>Whether there is neither a large page nor a table of small ones, so that a large one can be
    /// entered.</summary>
    public bool MayHoldBlock(UserAddress at)
    {
        ulong* table = DirectMap.Pointer<ulong>(_root);
        for (int level = TopLevel; level > BlockLevel; level--)
        {
            ulong entry = table[Index(at.Value, level)];
            if ((entry & PageBits.Present) == 0)
            {
                return true;
            }

            table = DirectMap.Pointer<ulong>(entry & PageBits.AddressMask);
        }

        return table[Index(at.Value, BlockLevel)] == 0;
    }

    /// <summary>Enters a large page, marked, where <see cref="MayHoldBlock"/>; the reference is the table's
    /// then. False when there is no frame for a table on the way or to set aside.</summary>
    public bool TryMapBlock(UserAddress at, FrameBlock block, PageRights rights)
    {
        ulong* entry = BlockEntryOrCreate(at.Value);
        if (entry == null || !TryAllocateTable(out ulong spare))
        {
            return false;
        }

        AddSpare(spare);
        TableFrameCount++;
        BlockCount++;
        *entry = EncodeBlock(block, rights);
        return true;
    }

    /// <summary>Moves a large page to where <see cref="MayHoldBlock"/>. False, and it stays, when there is no
    /// frame for a table.</summary>
    public bool TryMoveBlock(UserAddress from, UserAddress to)
    {
        if (!MayHoldBlock(to))
        {
            return false;
        }

        ulong* target = BlockEntryOrCreate(to.Value);
        if (target == null)
        {
            return false;
        }

        // It is there, so its tables are.
        ulong* source = BlockEntryOrCreate(from.Value);
        *target = *source;
        *source = 0;
        return true;
    }

    /// <summary>Gives a large page the rights of its mapping.</summary>
    public void SetBlockRights(UserAddress at, PageRights rights) => SetBlockRights(BlockEntryOrCreate(at.Value), rights);

    internal static bool IsBlock(ulong entry) => (entry & PageBits.Large) != 0;

    /// <summary>A small page's view of the entry.</summary>
    internal static PageEntry PartOf(ulong entry, ulong address) =>
        new(entry + ((ulong)Index(address, 0) << FrameTable.FrameShift));

    internal static void SetBlockRights(ulong* entry, PageRights rights)
    {
        const ulong Kept = PageBits.Accessed | PageBits.Dirty;
        *entry = (*entry & Kept) | (EncodeBlock(new PageEntry(*entry).Block, rights) & ~Kept);
    }

    internal void ClearBlock(ulong* entry)
    {
        *entry = 0;
        BlockCount--;
        TableFrameCount--;
        FreeTableFrame(TakeSpare());
    }

    internal void SplitBlock(ulong* entry)
    {
        ulong spare = TakeSpare();
        ulong page = *entry & ~PageBits.Large;
        ulong* table = DirectMap.Pointer<ulong>(spare);
        for (int i = 0; i < EntryCount; i++)
        {
            table[i] = page;
            page += FrameTable.FrameSizeBytes;
        }

        new PageEntry(*entry).Block.FallApart();
        BlockCount--;
        *entry = spare | PageBits.Present | PageBits.Writable | PageBits.User;
    }

    private static ulong EncodeBlock(FrameBlock block, PageRights rights) =>
        PageEntry.Encode(block[0], rights, mark: true) | PageBits.Large;

    private ulong* BlockEntryOrCreate(ulong address)
    {
        ulong* table = DirectMap.Pointer<ulong>(_root);
        for (int level = TopLevel; level > BlockLevel; level--)
        {
            ulong* entry = table + Index(address, level);
            if ((*entry & PageBits.Present) == 0)
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

        return table + Index(address, BlockLevel);
    }

    private void AddSpare(ulong table)
    {
        *DirectMap.Pointer<ulong>(table) = _firstSpare;
        _firstSpare = table;
    }

    private ulong TakeSpare()
    {
        ulong table = _firstSpare;
        if (table == 0)
        {
            Panic.Stop("a large page has no table set aside");
        }

        _firstSpare = *DirectMap.Pointer<ulong>(table);
        return table;
    }

    private void FreeSpares()
    {
        while (_firstSpare != 0)
        {
            FreeTableFrame(TakeSpare());
        }
    }
}
