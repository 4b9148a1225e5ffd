using System;
using System.Numerics;
using Cashew.Machine;

namespace Cashew.Memory;

internal enum NodeKind
{
    Leaf,
    Branch,
}

/// <summary>Which pages <see cref="PageTree.Take"/> takes.</summary>
internal enum TakeFilter
{
    All,

    /// <summary>Those that can be had again and that nobody but the cache holds.</summary>
    CleanAndUnused,
}

/// <summary>A node of <see cref="PageTree"/>.</summary>
internal abstract class PageNode
{
    internal const int BitsPerLevel = 6;
    internal const int Slots = 1 << BitsPerLevel;

    internal abstract NodeKind Kind { get; }

    internal abstract bool IsEmpty { get; }

    /// <errors>Null: the kernel is short of memory.</errors>
    internal static PageNode? Create(NodeKind kind)
    {
        if (!KernelObjects.MayCreate()) return null;
        return kind == NodeKind.Leaf ? new PageLeaf() : new PageBranch();
    }
}

internal sealed class PageBranch : PageNode
{
    private readonly PageNode?[] _children = new PageNode?[Slots];
    private int _count;

    internal override NodeKind Kind => NodeKind.Branch;

    internal override bool IsEmpty => _count == 0;

    internal PageNode? this[int slot]
    {
        get => _children[slot];
        set
        {
            _count += (value is null ? 0 : 1) - (_children[slot] is null ? 0 : 1);
            _children[slot] = value;
        }
    }
}

internal sealed class PageLeaf : PageNode
{
    private readonly Frame[] _frames = new Frame[Slots];

    // One bit a page.
    private ulong _dirty;
    private ulong _lent;

    internal override NodeKind Kind => NodeKind.Leaf;

    internal override bool IsEmpty => Present == 0;

    internal ulong Present { get; private set; }

    internal Frame this[int slot] => _frames[slot];

    /// <summary>None where there is no page.</summary>
    internal Frame FrameAt(int slot) => (Present & (1UL << slot)) != 0 ? _frames[slot] : default;

    internal void Set(int slot, Frame frame, PageState state)
    {
        ulong bit = 1UL << slot;
        _frames[slot] = frame;
        Present |= bit;
        _dirty = state == PageState.Dirty ? _dirty | bit : _dirty & ~bit;
        _lent = state == PageState.Lent ? _lent | bit : _lent & ~bit;
    }

    internal PageState StateOf(int slot)
    {
        ulong bit = 1UL << slot;
        if ((Present & bit) == 0) return PageState.Absent;
        if ((_lent & bit) != 0) return PageState.Lent;
        return (_dirty & bit) != 0 ? PageState.Dirty : PageState.Clean;
    }

    internal int Take(
        long leafFirst, long first, long end, TakeFilter filter, Span<Frame> frames, ref long dirtyPages)
    {
        int count = 0;
        int slot = first <= leafFirst ? 0 : (int)(first - leafFirst);
        for (; slot < Slots && leafFirst + slot < end && count < frames.Length; slot++)
        {
            ulong bit = 1UL << slot;
            if ((Present & bit) == 0) continue;
            if (filter == TakeFilter.CleanAndUnused && ((_dirty & bit) != 0 || _frames[slot].ReferenceCount != 1))
                continue;

            if ((_dirty & bit) != 0) dirtyPages++;
            frames[count++] = _frames[slot];
            _frames[slot] = default;
            Present &= ~bit;
            _dirty &= ~bit;
            _lent &= ~bit;
        }

        return count;
    }

    /// <summary>The first slot at or after this one with a page, or -1.</summary>
    internal int FindPresent(int fromSlot)
    {
        ulong present = Present >> fromSlot;
        return present == 0 ? -1 : fromSlot + BitOperations.TrailingZeroCount(present);
    }

    /// <summary>The first slot at or after this one without a page, or -1.</summary>
    internal int FindAbsent(int fromSlot)
    {
        ulong absent = ~Present >> fromSlot;
        return absent == 0 ? -1 : fromSlot + BitOperations.TrailingZeroCount(absent);
    }
}
