using Cashew.Machine.Simulated;

namespace Cashew.Machine;

/// <summary>Walks the present entries of a range of a <see cref="PageTable"/>; the entry it stands on can be changed.</summary>
public ref struct PageCursor
{
    private readonly PageTable _table;
    private readonly ulong _end;
    private ulong _next;
    private ref PageEntry _entry;

    internal PageCursor(PageTable table, ulong start, ulong end)
    {
        _table = table;
        _next = start & ~(ulong)(Frame.SizeBytes - 1);
        _end = end;
    }

    public readonly UserAddress Address => new(_next - Frame.SizeBytes);

    public readonly PageEntry Entry => _entry;

    public bool MoveNext()
    {
        while (_next < _end)
        {
            PageTableNode? leaf = _table.Leaf(_next, out int level);
            if (leaf is null)
            {
                _next = (_next & ~(PageTable.SpanBytes(level) - 1)) + PageTable.SpanBytes(level);
                continue;
            }

            _entry = ref leaf.Entries![PageTable.Index(_next, 0)];
            _next += Frame.SizeBytes;
            if (_entry.IsPresent)
            {
                return true;
            }
        }

        return false;
    }

    public readonly bool IsBlock => false;

    public readonly UserAddress BlockStart => Address;

    public readonly void SkipBlock() => Panic.Stop("there is no large page");

    public readonly void SplitBlock() => Panic.Stop("there is no large page");

    public readonly void ClearBlock() => Panic.Stop("there is no large page");

    public readonly void SetBlockRights(PageRights rights) => Panic.Stop("there is no large page");

    public readonly void Clear() => _entry = default;

    public readonly void Set(Frame frame, PageRights rights, bool mark = false) =>
        _entry = new PageEntry(frame, rights, mark);

    public readonly void SetRights(PageRights rights) => _entry = _entry.WithRights(rights);

    public readonly void ClearDirty() => _entry = _entry.WithNotes(_entry.IsAccessed, isDirty: false);
}
