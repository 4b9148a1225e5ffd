using System;
using Cashew.Machine.Simulated;

namespace Cashew.Machine;

/// <summary>Walks the present entries of a range of a <see cref="PageTable"/>; the entry it stands on can be
/// changed.</summary>
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

    /// <summary>As many as are asked for, or to the end of the table or the range.</summary>
    public int ShareRun(Span<PageEntry> run, bool isShared)
    {
        int count = 0;
        do
        {
            run[count] = _entry.IsPresent ? Share(isShared) : default;
            count++;
        }
        while (count < run.Length && TryStep());
        return count;
    }

    public int TakeRun(Span<Frame> frames, out int marked, out int unmarked)
    {
        marked = 0;
        unmarked = 0;
        int taken = 0;
        int seen = 0;
        do
        {
            seen++;
            PageEntry entry = _entry;
            _entry = default;
            if (!entry.IsPresent)
            {
                continue;
            }

            frames[taken++] = entry.Frame;
            marked += entry.HasMark ? 1 : 0;
            unmarked += entry.HasMark || entry.Frame == Frame.Zero ? 0 : 1;
        }
        while (seen < frames.Length && TryStep());
        return taken;
    }

    private readonly PageEntry Share(bool isShared)
    {
        if (!isShared)
        {
            _entry = _entry.WithRights(_entry.Rights & ~PageRights.Write);
        }

        _entry.Frame.Retain();
        return _entry.WithNotes(isAccessed: false, isDirty: false);
    }

    /// <summary>To the neighbor, present or not, if it is in the range and in the same table.</summary>
    private bool TryStep()
    {
        if (_next >= _end || PageTable.Index(_next, 0) == 0)
        {
            return false;
        }

        _entry = ref _table.Leaf(_next, out _)!.Entries![PageTable.Index(_next, 0)];
        _next += Frame.SizeBytes;
        return true;
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

    public readonly void ClearAccessed() => _entry = _entry.WithNotes(isAccessed: false, _entry.IsDirty);
}
