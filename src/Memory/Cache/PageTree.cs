using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Machine;

namespace Cashew.Memory;

/// <summary>
/// The frames of one file by page number: a radix tree of 64-way nodes, as high as the largest number asks.
/// Up to 64 pages it is a single leaf.
/// </summary>
/// <locking>
/// None of its own: the page cache's spin lock. Since nothing is allocated under that, insertion takes its
/// nodes from the caller.
/// </locking>
internal struct PageTree
{
    // Page numbers of a file of 2^63 bytes have 51 bits: nine levels at most, which bounds the recursion.
    private PageNode? _root;
    private int _height;

    /// <summary>The page's slot, if there is a page.</summary>
    internal readonly bool TryFind(long pageIndex, out PageSlot slot)
    {
        PageLeaf? leaf = FindLeaf(pageIndex);
        slot = leaf is null ? default : new PageSlot(leaf, SlotOf(pageIndex, 0));
        return leaf is not null && slot.State != PageState.Absent;
    }

    /// <summary>The frames from this page on; none where there is no page.</summary>
    internal readonly void FindAll(long firstPage, Span<Frame> frames)
    {
        PageLeaf? leaf = null;
        for (int i = 0; i < frames.Length; i++)
        {
            int slot = SlotOf(firstPage + i, 0);
            if (i == 0 || slot == 0) leaf = FindLeaf(firstPage + i);
            frames[i] = leaf is null ? default : leaf.FrameAt(slot);
        }
    }

    /// <summary>Enters a page where there is none.</summary>
    /// <param name="spare">A node from <see cref="PageNode.Create"/>, used up when needed.</param>
    /// <param name="needed">When false is returned: the kind of node that is missing. Call again with
    /// one.</param>
    internal bool TryInsert(long pageIndex, Frame frame, PageState state, ref PageNode? spare, out NodeKind needed)
    {
        if (!TryRaise(pageIndex, ref spare, out needed)) return false;

        PageNode node = _root!;
        for (int level = _height; level > 0; level--)
        {
            PageBranch branch = (PageBranch)node;
            int slot = SlotOf(pageIndex, level);
            PageNode? child = branch[slot];
            if (child is null)
            {
                needed = KindAt(level - 1);
                if (!TryTake(ref spare, needed, out child)) return false;
                branch[slot] = child;
            }

            node = child;
        }

        ((PageLeaf)node).Set(SlotOf(pageIndex, 0), frame, state);
        return true;
    }

    /// <summary>Takes pages of the range out, lowest first, as many as fit; nodes that become empty go,
    /// too.</summary>
    /// <param name="dirtyPages">Raised by the number of dirty ones among them.</param>
    internal int Take(long firstPage, long endPage, TakeFilter filter, Span<Frame> frames, ref long dirtyPages)
    {
        if (_root is null) return 0;

        int count = TakeBelow(_root, _height, 0, firstPage, endPage, filter, frames, ref dirtyPages);
        if (_root.IsEmpty)
        {
            _root = null;
            _height = 0;
        }

        return count;
    }

    /// <summary>The first page at or after this number that is present, or -1.</summary>
    internal readonly long FindPresent(long fromPage) =>
        _root is null || IsTooHigh(fromPage) ? -1 : FindPresentBelow(_root, _height, 0, fromPage);

    /// <summary>The first page number at or after this one without a page.</summary>
    internal readonly long FindAbsent(long fromPage)
    {
        long page = fromPage;
        while (true)
        {
            int slot = SlotOf(page, 0);
            PageLeaf? leaf = FindLeaf(page);
            int absent = leaf is null ? slot : leaf.FindAbsent(slot);
            if (absent >= 0) return page - slot + absent;
            page += PageNode.Slots - slot;
        }
    }

    /// <summary>Makes the tree high enough for this page number.</summary>
    private bool TryRaise(long pageIndex, ref PageNode? spare, out NodeKind needed)
    {
        needed = NodeKind.Branch;
        if (_root is null)
        {
            _height = 0;
            while (IsTooHigh(pageIndex)) _height++;
            needed = KindAt(_height);
            return TryTake(ref spare, needed, out _root);
        }

        while (IsTooHigh(pageIndex))
        {
            if (!TryTake(ref spare, NodeKind.Branch, out PageNode? top)) return false;
            ((PageBranch)top)[0] = _root;
            _root = top;
            _height++;
        }

        return true;
    }

    private readonly PageLeaf? FindLeaf(long pageIndex)
    {
        PageNode? node = _root;
        if (node is null || IsTooHigh(pageIndex)) return null;

        for (int level = _height; level > 0; level--)
        {
            node = ((PageBranch)node)[SlotOf(pageIndex, level)];
            if (node is null) return null;
        }

        return (PageLeaf)node;
    }

    private static int TakeBelow(
        PageNode node,
        int level,
        long nodeFirst,
        long first,
        long end,
        TakeFilter filter,
        Span<Frame> frames,
        ref long dirtyPages)
    {
        if (level == 0) return ((PageLeaf)node).Take(nodeFirst, first, end, filter, frames, ref dirtyPages);

        PageBranch branch = (PageBranch)node;
        int count = 0;
        for (int slot = FirstSlot(first, nodeFirst, level); slot < PageNode.Slots && count < frames.Length; slot++)
        {
            long childFirst = nodeFirst + ((long)slot << (PageNode.BitsPerLevel * level));
            if (childFirst >= end) break;
            PageNode? child = branch[slot];
            if (child is null) continue;

            count += TakeBelow(child, level - 1, childFirst, first, end, filter, frames[count..], ref dirtyPages);
            if (child.IsEmpty) branch[slot] = null;
        }

        return count;
    }

    private static long FindPresentBelow(PageNode node, int level, long nodeFirst, long from)
    {
        int slot = FirstSlot(from, nodeFirst, level);
        if (level == 0)
        {
            int found = slot < PageNode.Slots ? ((PageLeaf)node).FindPresent(slot) : -1;
            return found < 0 ? -1 : nodeFirst + found;
        }

        PageBranch branch = (PageBranch)node;
        for (; slot < PageNode.Slots; slot++)
        {
            PageNode? child = branch[slot];
            if (child is null) continue;

            long childFirst = nodeFirst + ((long)slot << (PageNode.BitsPerLevel * level));
            long found = FindPresentBelow(child, level - 1, childFirst, from);
            if (found >= 0) return found;
        }

        return -1;
    }

    /// <summary>The slot to start at in a node whose first page has this number.</summary>
    private static int FirstSlot(long from, long nodeFirst, int level)
    {
        if (from <= nodeFirst) return 0;

        long slot = (from - nodeFirst) >> (PageNode.BitsPerLevel * level);
        return slot < PageNode.Slots ? (int)slot : PageNode.Slots;
    }

    private static bool TryTake(ref PageNode? spare, NodeKind kind, [NotNullWhen(true)] out PageNode? node)
    {
        node = spare is not null && spare.Kind == kind ? spare : null;
        if (node is null) return false;

        spare = null;
        return true;
    }

    private static NodeKind KindAt(int level) => level == 0 ? NodeKind.Leaf : NodeKind.Branch;

    private readonly bool IsTooHigh(long pageIndex) => pageIndex >> (PageNode.BitsPerLevel * (_height + 1)) != 0;

    private static int SlotOf(long pageIndex, int level) =>
        (int)(pageIndex >> (PageNode.BitsPerLevel * level)) & (PageNode.Slots - 1);
}
