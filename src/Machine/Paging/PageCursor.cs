namespace Cashew.Machine;

/// <summary>
/// Walks the present entries of a range of a <see cref="PageTable"/>, remembering the last-level table it is
/// in, so that a dense range costs one load a page. The entry it stands on can be changed.
/// </summary>
public unsafe ref partial struct PageCursor
{
    private readonly PageTable _table;
    private readonly ulong _end;
    private ulong _next;
    private ulong* _entry;

    // The entry of the large page that the cursor is in; then the other one is null.
    private ulong* _block;

    internal PageCursor(PageTable table, ulong start, ulong end)
    {
        _table = table;
        _next = start & ~(ulong)(FrameTable.FrameSizeBytes - 1);
        _end = end;
        _entry = null;
        _block = null;
    }

    /// <summary>The page the cursor stands on.</summary>
    public readonly UserAddress Address => new(_next - FrameTable.FrameSizeBytes);

    public readonly PageEntry Entry =>
        _block != null ? PageTable.PartOf(*_block, Address.Value) : new PageEntry(*_entry);

    /// <summary>The page is a part of a large one. It can be treated as a whole, if all of it is meant, or
    /// split; only then what changes the single page may be used.</summary>
    public readonly bool IsBlock => _block != null;

    public readonly UserAddress BlockStart => new(Address.Value & ~(ulong)(FrameBlock.SizeBytes - 1));

    public bool MoveNext()
    {
        while (_next < _end)
        {
            if (_block != null)
            {
                if (PageTable.Index(_next, 0) != 0)
                {
                    _next += FrameTable.FrameSizeBytes;
                    return true;
                }

                _block = null;
            }

            // Inside one table the next entry is the neighbor.
            _entry = _entry != null && PageTable.Index(_next, 0) != 0 ? _entry + 1 : Find();
            if (_entry == null)
            {
                if (_block == null)
                {
                    continue; // Find has moved on past the hole
                }

                _next += FrameTable.FrameSizeBytes;
                return true;
            }

            _next += FrameTable.FrameSizeBytes;
            if ((*_entry & PageBits.Occupied) != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Removes the page. The caller flushes before it releases the frame.</summary>
    public readonly void Clear() => *_entry = 0;

    public readonly void Set(Frame frame, PageRights rights, bool mark = false) =>
        *_entry = PageEntry.Encode(frame, rights, mark);

    /// <summary>Changes rights, keeping the frame, the mark, and what the processor noted.</summary>
    public readonly void SetRights(PageRights rights)
    {
        const ulong Kept = PageBits.Accessed | PageBits.Dirty;
        *_entry = (*_entry & Kept) | (PageEntry.Encode(Entry.Frame, rights, Entry.HasMark) & ~Kept);
    }

    /// <summary>Goes on behind the large page.</summary>
    public void SkipBlock()
    {
        _next = BlockStart.Value + FrameBlock.SizeBytes;
        _block = null;
        _entry = null;
    }

    /// <summary>Makes small pages of the large one. The cursor stands on the same page. Cannot
    /// fail.</summary>
    public void SplitBlock()
    {
        _table.SplitBlock(_block);
        _entry = DirectMap.Pointer<ulong>(*_block & PageBits.AddressMask) + PageTable.Index(Address.Value, 0);
        _block = null;
    }

    /// <summary>Removes the large page, whose reference is now the caller's.</summary>
    public readonly void ClearBlock() => _table.ClearBlock(_block);

    public readonly void SetBlockRights(PageRights rights) => PageTable.SetBlockRights(_block, rights);

    public readonly void ClearDirty() => *_entry &= ~PageBits.Dirty;

    /// <summary>Forgets that the page, or the large page, was accessed. Until the caller has flushed, the
    /// processor need not note the next access.</summary>
    public readonly void ClearAccessed()
    {
        if (_block != null)
        {
            *_block &= ~PageBits.Accessed;
        }
        else
        {
            *_entry &= ~PageBits.Accessed;
        }
    }

    /// <summary>The last-level entry of the next page; or null, after moving past the part that has no
    /// table.</summary>
    private ulong* Find()
    {
        ulong* table = DirectMap.Pointer<ulong>(_table.Root);
        for (int level = PageTable.TopLevel; level > 0; level--)
        {
            ulong entry = table[PageTable.Index(_next, level)];
            if ((entry & (PageBits.Present | PageBits.Large)) != PageBits.Present)
            {
                if (PageTable.IsBlock(entry))
                {
                    _block = table + PageTable.Index(_next, level);
                    return null;
                }

                ulong spanBytes = 1UL << (FrameTable.FrameShift + PageTable.LevelBits * level);
                _next = (_next & ~(spanBytes - 1)) + spanBytes;
                return null;
            }

            table = DirectMap.Pointer<ulong>(entry & PageBits.AddressMask);
        }

        return table + PageTable.Index(_next, 0);
    }
}
