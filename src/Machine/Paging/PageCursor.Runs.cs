using System;

namespace Cashew.Machine;

/// <content>
/// Many neighbors at once, from the small page that the cursor stands on to the end of its table at most.
/// Fork and exit spend their time here: a page takes a few dozen instructions like this, and ten times that
/// one by one.
/// </content>
public unsafe ref partial struct PageCursor
{
    /// <summary>
    /// Copies entries, each with a reference to its frame, and takes the right to write from them unless
    /// <paramref name="isShared"/>. Absent pages are entries without a page. The cursor stands on the last
    /// one then.
    /// </summary>
    /// <returns>How many.</returns>
    public int ShareRun(Span<PageEntry> run, bool isShared)
    {
        int count = RunLength(run.Length);
        // One instruction instead of a branch for each page.
        ulong lost = isShared ? 0 : PageBits.Writable;
        ulong* entries = _entry;
        for (int i = 0; i < count; i++)
        {
            ulong value = entries[i];
            if ((value & PageBits.Occupied) == 0)
            {
                run[i] = default;
                continue;
            }

            if ((value & lost) != 0)
            {
                value &= ~lost;
                entries[i] = value;
            }

            PageEntry entry = new(value & ~(PageBits.Accessed | PageBits.Dirty));
            entry.Frame.Retain();
            run[i] = entry;
        }

        Advance(count);
        return count;
    }

    /// <summary>
    /// Takes pages out; their references become the caller's. Counts the marked and the other ones, without
    /// the page of zeros. The cursor stands on the last one then.
    /// </summary>
    /// <returns>How many frames.</returns>
    public int TakeRun(Span<Frame> frames, out int marked, out int unmarked)
    {
        marked = 0;
        unmarked = 0;
        int taken = 0;
        int others = 0;
        int count = RunLength(frames.Length);
        uint zero = Frame.Zero.Number;
        ulong* entries = _entry;
        for (int i = 0; i < count; i++)
        {
            PageEntry entry = new(entries[i]);
            if (!entry.IsPresent)
            {
                continue;
            }

            entries[i] = 0;
            frames[taken++] = entry.Frame;
            if (!entry.HasMark)
            {
                others++;
                unmarked += entry.Frame.Number != zero ? 1 : 0;
            }
        }

        marked = taken - others;
        Advance(count);
        return taken;
    }

    private readonly int RunLength(int most)
    {
        ulong start = Address.Value;
        int inTable = PageTable.EntryCount - PageTable.Index(start, 0);
        ulong inRange = (_end - start + (FrameTable.FrameSizeBytes - 1)) >> FrameTable.FrameShift;
        int count = inRange < (ulong)inTable ? (int)inRange : inTable;
        return count < most ? count : most;
    }

    private void Advance(int count)
    {
        _entry += count - 1;
        _next += (ulong)(count - 1) << FrameTable.FrameShift;
    }
}
