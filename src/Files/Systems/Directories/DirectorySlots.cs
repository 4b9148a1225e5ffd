using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Cashew.Files.Systems;

/// <summary>A sparse array of directory entries, as long as one likes: a radix tree of small nodes, which
/// come with the first entry below them and go with the last. Nothing is ever copied to make room.</summary>
/// <remarks>
/// Sixteen slots a node: 160 bytes, so 11 bytes for each entry where the indices are dense, and one node or
/// two for an entry that is alone. Wider nodes would cost small directories and thinned-out ones more than
/// they would save.
/// </remarks>
/// <locking>The directory's.</locking>
internal sealed class DirectorySlots
{
    private const int NodeBits = 4;
    private const int NodeSlots = 1 << NodeBits;
    private const int SlotMask = NodeSlots - 1;
    private const int LeafLevel = 0;

    private Node? _root;
    private int _level;

    // Where the last search ended: a listing goes on in the same node fifteen times of sixteen.
    private Leaf? _lastLeaf;
    private long _lastLeafIndex;

    private abstract class Node
    {
        /// <summary>Slots that are not empty.</summary>
        internal int Count;
    }

    private sealed class Branch : Node
    {
        internal NodeArray Slots;
    }

    private sealed class Leaf : Node
    {
        internal EntryArray Slots;
    }

    [InlineArray(NodeSlots)]
    private struct NodeArray
    {
        private Node? _first;
    }

    [InlineArray(NodeSlots)]
    private struct EntryArray
    {
        private DirectoryEntry? _first;
    }

    /// <summary>What is there, or nothing.</summary>
    internal DirectoryEntry? this[long index]
    {
        get
        {
            if (_root is null || !Covers(index)) return null;

            Node? node = _root;
            for (int level = _level; level > LeafLevel; level--)
            {
                node = ((Branch)node).Slots[SlotOf(index, level)];
                if (node is null) return null;
            }

            return ((Leaf)node).Slots[SlotOf(index, LeafLevel)];
        }
    }

    /// <summary>Puts an entry at an index, in the place of another or not.</summary>
    /// <allocation>A few nodes at most.</allocation>
    internal void Set(long index, DirectoryEntry entry)
    {
        Leaf leaf = LeafFor(index);
        ref DirectoryEntry? slot = ref leaf.Slots[SlotOf(index, LeafLevel)];
        if (slot is null) leaf.Count++;
        slot = entry;
    }

    /// <summary>Empties the slot at an index, where there is an entry.</summary>
    internal void Remove(long index)
    {
        _lastLeaf = null;
        if (_root is not null && Covers(index) && RemoveBelow(_root, _level, index)) Clear();
    }

    /// <summary>The entry with the smallest index from a given one on; false when there is none. For an array
    /// whose indices are the entries' cookies.</summary>
    internal bool TryFindFrom(long index, [NotNullWhen(true)] out DirectoryEntry? entry)
    {
        if (_lastLeaf is not null && index >> NodeBits == _lastLeafIndex && FindIn(_lastLeaf, index) is { } near)
        {
            entry = near;
            return true;
        }

        entry = _root is null || !Covers(index) ? null : FindBelow(_root, _level, index);
        return entry is not null;
    }

    internal void Clear()
    {
        _root = null;
        _lastLeaf = null;
        _level = LeafLevel;
    }

    private static int SlotOf(long index, int level) => (int)(index >> (level * NodeBits)) & SlotMask;

    // The topmost level of all has a shift of 60: nothing lies above it, and the processor would not shift by
    // 64.
    private bool Covers(long index)
    {
        int bits = (_level + 1) * NodeBits;
        return index >= 0 && (bits > 63 || index >> bits == 0);
    }

    private Leaf LeafFor(long index)
    {
        _root ??= new Leaf();
        while (!Covers(index)) Raise();

        Node node = _root;
        for (int level = _level; level > LeafLevel; level--)
        {
            Branch branch = (Branch)node;
            ref Node? child = ref branch.Slots[SlotOf(index, level)];
            if (child is null)
            {
                child = level - 1 == LeafLevel ? new Leaf() : new Branch();
                branch.Count++;
            }

            node = child;
        }

        return (Leaf)node;
    }

    /// <summary>One level more on top. An empty root is not taken along: it would stay for good.</summary>
    private void Raise()
    {
        Branch top = new();
        if (_root!.Count > 0)
        {
            top.Slots[0] = _root;
            top.Count = 1;
        }

        _root = top;
        _level++;
    }

    /// <returns>Nothing is left in the node.</returns>
    /// <remarks>As deep as the tree: sixteen calls at most.</remarks>
    private static bool RemoveBelow(Node node, int level, long index)
    {
        int slot = SlotOf(index, level);
        if (level == LeafLevel)
        {
            Leaf leaf = (Leaf)node;
            if (leaf.Slots[slot] is null) return false;
            leaf.Slots[slot] = null;
            return --leaf.Count == 0;
        }

        Branch branch = (Branch)node;
        if (branch.Slots[slot] is not Node child || !RemoveBelow(child, level - 1, index)) return false;
        branch.Slots[slot] = null;
        return --branch.Count == 0;
    }

    /// <inheritdoc cref="RemoveBelow"/>
    private DirectoryEntry? FindBelow(Node node, int level, long index)
    {
        int slot = SlotOf(index, level);
        if (level == LeafLevel) return FindIn((Leaf)node, index);

        // Only in the first child does the index still matter: all in the others is behind it.
        Branch branch = (Branch)node;
        for (; slot < NodeSlots; slot++, index = 0)
        {
            if (branch.Slots[slot] is not Node child) continue;
            if (FindBelow(child, level - 1, index) is not DirectoryEntry found) continue;
            if (level - 1 == LeafLevel)
            {
                _lastLeaf = (Leaf)child;
                _lastLeafIndex = found.Cookie >> NodeBits;
            }

            return found;
        }

        return null;
    }

    private static DirectoryEntry? FindIn(Leaf leaf, long index)
    {
        int slot = SlotOf(index, LeafLevel);
        while (slot < NodeSlots && leaf.Slots[slot] is null) slot++;
        return slot < NodeSlots ? leaf.Slots[slot] : null;
    }
}
