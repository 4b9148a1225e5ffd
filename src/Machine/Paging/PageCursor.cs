namespace Cashew.Machine;

/// <summary>
/// Walks the present entries of a range of a <see cref="PageTable"/>, remembering the last-level table it is in, so
/// that a dense range costs one load a page. The entry it stands on can be changed.
/// </summary>
public unsafe ref struct PageCursor
{
    private readonly ulong _root;
    private readonly ulong _end;
    private ulong _next;
    private ulong* _entry;

    internal PageCursor(ulong root, ulong start, ulong end)
    {
        _root = root;
        _next = start & ~(ulong)(FrameTable.FrameSizeBytes - 1);
        _end = end;
        _entry = null;
    }

    /// <summary>The page the cursor stands on.</summary>
    public readonly UserAddress Address => new(_next - FrameTable.FrameSizeBytes);

    public readonly PageEntry Entry => new(*_entry);

    public bool MoveNext()
    {
        while (_next < _end)
        {
            // Inside one table the next entry is the neighbor.
            _entry = _entry != null && PageTable.Index(_next, 0) != 0 ? _entry + 1 : Find();
            if (_entry == null)
            {
                continue; // Find has moved on past the hole
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
        *_entry = (*_entry & Kept) | PageEntry.Encode(Entry.Frame, rights, Entry.HasMark);
    }

    public readonly void ClearDirty() => *_entry &= ~PageBits.Dirty;

    /// <summary>The last-level entry of the next page; or null, after moving past the part that has no table.</summary>
    private ulong* Find()
    {
        ulong* table = DirectMap.Pointer<ulong>(_root);
        for (int level = PageTable.TopLevel; level > 0; level--)
        {
            ulong entry = table[PageTable.Index(_next, level)];
            if ((entry & PageBits.Present) == 0)
            {
                ulong spanBytes = 1UL << (FrameTable.FrameShift + PageTable.LevelBits * level);
                _next = (_next & ~(spanBytes - 1)) + spanBytes;
                return null;
            }

            table = DirectMap.Pointer<ulong>(entry & PageBits.AddressMask);
        }

        return table + PageTable.Index(_next, 0);
    }
}
