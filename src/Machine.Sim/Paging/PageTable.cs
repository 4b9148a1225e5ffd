using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Cashew.Machine.Simulated;

namespace Cashew.Machine;

/// <summary>
/// The user half of one address space. It has no lock of its own: the owner's protects it. Translations that
/// were used stay remembered until <see cref="Flush"/>, as in a processor, so that a forgotten flush shows.
/// </summary>
public sealed class PageTable
{
    private const int LevelBits = 9;
    private const int PageShift = 12;
    private const int TopLevel = 3;

    private readonly Dictionary<ulong, PageEntry> _translations = [];
    private PageTableNode? _root;

    private PageTable(PageTableNode root)
    {
        _root = root;
    }

    /// <summary>Frames that all user page tables together take.</summary>
    public static long TableCount => Simulation.Current.CountFrames(FrameKind.PageTable);

    /// <summary>Frames that this one takes.</summary>
    public int TableFrameCount { get; private set; } = 1;

    /// <summary>Large pages: the simulated machine has none.</summary>
    public int BlockCount => 0;

    public static bool TryCreate([NotNullWhen(true)] out PageTable? table)
    {
        table = null;
        if (!Simulation.Current.Frames.TryTakeForPrograms(FrameKind.PageTable, out uint frame))
        {
            return false;
        }

        table = new PageTable(new PageTableNode(frame, isLeaf: false));
        return true;
    }

    public bool TryMap(UserAddress at, Frame frame, PageRights rights, bool mark = false)
    {
        if (at >= UserAddress.Limit)
        {
            Panic.Stop("a page outside the user half was mapped");
        }

        PageTableNode node = Root;
        for (int level = TopLevel; level > 0; level--)
        {
            ref PageTableNode? next = ref node.Children![Index(at.Value, level)];
            if (next is null)
            {
                if (!Simulation.Current.Frames.TryTakeForPrograms(FrameKind.PageTable, out uint tableFrame))
                {
                    return false;
                }

                next = new PageTableNode(tableFrame, isLeaf: level == 1);
                TableFrameCount++;
            }

            node = next;
        }

        node.Entries![Index(at.Value, 0)] = new PageEntry(frame, rights, mark);
        return true;
    }

    public bool TryMapAbsent(UserAddress at, Frame frame, PageRights rights, bool mark, out bool isOccupied)
    {
        isOccupied = Lookup(at).IsPresent;
        return !isOccupied && TryMap(at, frame, rights, mark);
    }

    public int MapNeighbors(UserAddress start, Span<Frame> frames, PageRights rights)
    {
        if (Index(start.Value, 0) + frames.Length > PageTableNode.EntryCount)
        {
            Panic.Stop("neighbors do not lie in one page table");
        }

        int count = 0;
        for (int i = 0; i < frames.Length; i++)
        {
            UserAddress at = start + (ulong)i * Frame.SizeBytes;
            if (frames[i].IsNone || Leaf(at.Value, out _) is null || Lookup(at).IsPresent)
            {
                continue;
            }

            _ = TryMap(at, frames[i], rights); // Its table is there: it cannot fail.
            frames[i] = default;
            count++;
        }

        return count;
    }

    public bool TryMapRun(UserAddress start, ReadOnlySpan<PageEntry> run)
    {
        foreach (PageEntry copied in run)
        {
            if (copied.IsPresent && !TryMap(start, copied.Frame, copied.Rights, copied.HasMark))
            {
                return false;
            }

            start += Frame.SizeBytes;
        }

        return true;
    }

    public PageEntry Lookup(UserAddress at)
    {
        PageTableNode? leaf = Leaf(at.Value, out _);
        return leaf is null ? default : leaf.Entries![Index(at.Value, 0)];
    }

    public PageCursor Pages(UserAddress start, UserAddress end) => new(this, start.Value, end.Value);

    public bool MayHoldBlock(UserAddress at) => false;

    public bool TryMapBlock(UserAddress at, FrameBlock block, PageRights rights) => false;

    public bool TryMoveBlock(UserAddress from, UserAddress to) => false;

    public void SetBlockRights(UserAddress at, PageRights rights) => Panic.Stop("there is no large page");

    public void Flush(UserAddress start, UserAddress end)
    {
        if (end - start > (ulong)_translations.Count << PageShift)
        {
            foreach (ulong page in new List<ulong>(_translations.Keys))
            {
                if (page >= start.PageDown.Value && page < end.Value)
                {
                    _translations.Remove(page);
                }
            }

            return;
        }

        for (ulong page = start.PageDown.Value; page < end.Value; page += UserAddress.PageSizeBytes)
        {
            _translations.Remove(page);
        }
    }

    public void Activate()
    {
        Simulation.Current.Cpu.ActiveTable = this;
    }

    public void Release()
    {
        foreach (SimulatedCpu cpu in Simulation.Current.Cpus)
        {
            if (cpu.ActiveTable == this && cpu != Simulation.Current.Cpu)
            {
                Panic.Stop("a page table was released while another processor uses it");
            }

            cpu.ActiveTable = cpu.ActiveTable == this ? null : cpu.ActiveTable;
        }

        Free(Root);
        _root = null;
        _translations.Clear();
    }

    internal static int Index(ulong address, int level) =>
        (int)(address >> (PageShift + LevelBits * level)) & (PageTableNode.EntryCount - 1);

    internal static ulong SpanBytes(int level) => 1UL << (PageShift + LevelBits * level);

    internal PageTableNode? Leaf(ulong address, out int missingLevel)
    {
        PageTableNode node = Root;
        for (missingLevel = TopLevel; missingLevel > 0; missingLevel--)
        {
            PageTableNode? next = node.Children![Index(address, missingLevel)];
            if (next is null)
            {
                return null;
            }

            node = next;
        }

        return node;
    }

    /// <summary>What the processor does for one access: remembered translation first, then the
    /// tables.</summary>
    internal bool TryTranslate(UserAddress at, PageRights needed, out Frame frame, out bool isPresent)
    {
        ulong page = at.PageDown.Value;
        bool writes = (needed & PageRights.Write) != 0;
        if (_translations.TryGetValue(page, out PageEntry entry) && Allows(entry, needed)
            && (!writes || entry.IsDirty))
        {
            frame = entry.Frame;
            isPresent = true;
            return true;
        }

        _translations.Remove(page);
        PageTableNode? leaf = Leaf(page, out _);
        entry = leaf is null ? default : leaf.Entries![Index(page, 0)];
        frame = entry.Frame;
        isPresent = entry.IsPresent && entry.Rights != PageRights.None;
        if (!Allows(entry, needed))
        {
            return false;
        }

        entry = entry.WithNotes(isAccessed: true, isDirty: entry.IsDirty || writes);
        leaf!.Entries![Index(page, 0)] = entry;
        _translations[page] = entry;
        return true;
    }

    private PageTableNode Root
    {
        get
        {
            if (_root is null)
            {
                Panic.Stop("a page table was used after its release");
            }

            return _root;
        }
    }

    private static bool Allows(in PageEntry entry, PageRights needed) =>
        entry.IsPresent && entry.Rights != PageRights.None && (entry.Rights & needed) == needed;

    private static void Free(PageTableNode node)
    {
        foreach (PageTableNode? child in node.Children ?? [])
        {
            if (child is not null)
            {
                Free(child);
            }
        }

        Simulation.Current.Frames.Return(node.FrameNumber, FrameKind.PageTable);
    }
}
