using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Cashew.Machine;

namespace Cashew.Memory;

/// <summary>
/// The mappings of one address space, ordered by address: an AVL tree that knows the largest free gap below
/// each node, so that lookup, insertion and the search for room all take logarithmic time.
/// </summary>
/// <remarks>
/// Page faults read it without a lock. The collector keeps a removed node readable, so all that can happen to
/// a reader is to be led astray by a change under way; it notices by the version, which is odd while a change
/// is under way and never the same after it. This costs a fault two loads, and no write to memory that
/// processors share; a reader-writer lock would cost two locked instructions on one contended line.
/// The depth of an AVL tree of <see cref="Placement.MaximumMappings"/> nodes is at most 23, which bounds the
/// recursion.
/// </remarks>
internal sealed class VmaTree
{
    // A reader that meets a change half-way may walk in a circle; no sound tree is this deep.
    private const int DeepestWalk = 64;

    private Vma? _root;
    private Vma? _first;
    private Vma? _last;
    private Vma? _recent;
    private uint _version;

    internal int Count { get; private set; }

    internal Vma? First => _first;

    internal Vma? Last => _last;

    /// <summary>False when a change is under way: the caller takes the change lock instead.</summary>
    internal bool TryBeginRead(out uint version)
    {
        version = Volatile.Read(ref _version);
        return (version & 1) == 0;
    }

    internal bool IsCurrent(uint version) => Volatile.Read(ref _version) == version;

    /// <locking>The space's change lock is held. May contain sleeping: readers fall back to that
    /// lock.</locking>
    internal Change BeginChange() => new(this);

    /// <summary>The mapping that holds the address, or the first one above it.</summary>
    internal Vma? FindAtOrAbove(UserAddress at)
    {
        Vma? best = null;
        Vma? node = Volatile.Read(ref _root);
        for (int depth = 0; node is not null && depth < DeepestWalk; depth++)
        {
            if (at < node.End)
            {
                best = node;
                if (at >= node.Start) break;
                node = Volatile.Read(ref node.Left);
            }
            else
            {
                node = Volatile.Read(ref node.Right);
            }
        }

        return best;
    }

    /// <summary>The same for the fault path: remembers the last answer, since faults come in runs.</summary>
    internal Vma? FindForFault(UserAddress at)
    {
        // A reader may store here what a writer has just removed, hence the second look: a removed node has
        // no height.
        Vma? recent = Volatile.Read(ref _recent);
        if (recent is not null && recent.Contains(at) && Volatile.Read(ref recent.Height) != 0) return recent;

        Vma? found = FindAtOrAbove(at);
        if (found is not null && found.Contains(at)) Volatile.Write(ref _recent, found);
        return found;
    }

    /// <summary>The first mapping that overlaps the range.</summary>
    internal Vma? FindOverlap(UserAddress start, UserAddress end)
    {
        Vma? found = FindAtOrAbove(start);
        return found is not null && found.Start < end ? found : null;
    }

    internal void Insert(Vma vma)
    {
        Vma? next = FindAtOrAbove(vma.Start);
        Vma? previous = next is null ? _last : next.Previous;
        vma.Next = next;
        vma.Previous = previous;
        if (previous is null) _first = vma;
        else previous.Next = vma;
        if (next is null) _last = vma;
        else next.Previous = vma;

        vma.Left = null;
        vma.Right = null;
        Measure(vma);
        Volatile.Write(ref _root, InsertBelow(_root, vma));
        if (next is not null) Refresh(next);
        Count++;
    }

    internal void Remove(Vma vma)
    {
        Vma? next = vma.Next;
        Vma? previous = vma.Previous;
        if (previous is null) _first = next;
        else previous.Next = next;
        if (next is null) _last = previous;
        else next.Previous = previous;

        Volatile.Write(ref _root, RemoveBelow(_root!, vma));
        if (next is not null) Refresh(next);
        Volatile.Write(ref vma.Height, 0);
        Count--;
    }

    /// <summary>Empties the tree of a space that nobody uses any more; returns its nodes, chained by their
    /// list link.</summary>
    internal Vma? RemoveAll()
    {
        Vma? first = _first;
        _root = null;
        _first = null;
        _last = null;
        _recent = null;
        Count = 0;
        return first;
    }

    /// <summary>To be told after a node's start or end was moved: gaps beside it have changed.</summary>
    internal void Resized(Vma vma)
    {
        Refresh(vma);
        if (vma.Next is not null) Refresh(vma.Next);
    }

    /// <summary>The highest place for a range of this length within bounds.</summary>
    internal bool TryFindHighestGap(ulong low, ulong high, ulong lengthBytes, out UserAddress at)
    {
        ulong start = _last is null || _last.End.Value < low ? low : _last.End.Value;
        if (TryFitHigh(start, high, lengthBytes, out at)) return true;
        return TryFindHighestBelow(_root, low, high, lengthBytes, out at);
    }

    /// <summary>The lowest place for a range of this length within bounds.</summary>
    internal bool TryFindLowestGap(ulong low, ulong high, ulong lengthBytes, out UserAddress at)
    {
        if (TryFindLowestBelow(_root, low, high, lengthBytes, out at)) return true;
        ulong start = _last is null || _last.End.Value < low ? low : _last.End.Value;
        return TryFitLow(start, high, lengthBytes, out at);
    }

    private static bool TryFindHighestBelow(Vma? node, ulong low, ulong high, ulong lengthBytes, out UserAddress at)
    {
        at = default;
        if (node is null || node.LargestGap < lengthBytes) return false;

        if (node.End.Value < high && TryFindHighestBelow(node.Right, low, high, lengthBytes, out at)) return true;

        ulong gapStart = GapStart(node);
        ulong start = gapStart < low ? low : gapStart;
        ulong end = node.StartWithGuard > high ? high : node.StartWithGuard;
        if (TryFitHigh(start, end, lengthBytes, out at)) return true;

        return gapStart > low && TryFindHighestBelow(node.Left, low, high, lengthBytes, out at);
    }

    private static bool TryFindLowestBelow(Vma? node, ulong low, ulong high, ulong lengthBytes, out UserAddress at)
    {
        at = default;
        if (node is null || node.LargestGap < lengthBytes) return false;

        ulong gapStart = GapStart(node);
        if (gapStart > low && TryFindLowestBelow(node.Left, low, high, lengthBytes, out at)) return true;

        ulong start = gapStart < low ? low : gapStart;
        ulong end = node.StartWithGuard > high ? high : node.StartWithGuard;
        if (TryFitLow(start, end, lengthBytes, out at)) return true;

        return node.End.Value < high && TryFindLowestBelow(node.Right, low, high, lengthBytes, out at);
    }

    private static bool TryFitHigh(ulong start, ulong end, ulong lengthBytes, out UserAddress at)
    {
        bool fits = end >= start && end - start >= lengthBytes;
        at = fits ? new UserAddress(end - lengthBytes) : default;
        return fits;
    }

    private static bool TryFitLow(ulong start, ulong end, ulong lengthBytes, out UserAddress at)
    {
        bool fits = end >= start && end - start >= lengthBytes;
        at = fits ? new UserAddress(start) : default;
        return fits;
    }

    private static ulong GapStart(Vma node) => node.Previous is null ? 0 : node.Previous.End.Value;

    private static ulong GapBelow(Vma node)
    {
        ulong start = GapStart(node);
        return node.StartWithGuard > start ? node.StartWithGuard - start : 0;
    }

    private static Vma InsertBelow(Vma? node, Vma vma)
    {
        if (node is null) return vma;

        if (vma.Start < node.Start) node.Left = InsertBelow(node.Left, vma);
        else node.Right = InsertBelow(node.Right, vma);
        return Balance(node);
    }

    private static Vma? RemoveBelow(Vma node, Vma vma)
    {
        if (ReferenceEquals(node, vma)) return Join(node.Left, node.Right);

        if (vma.Start < node.Start) node.Left = RemoveBelow(node.Left!, vma);
        else node.Right = RemoveBelow(node.Right!, vma);
        return Balance(node);
    }

    private static Vma? Join(Vma? left, Vma? right)
    {
        if (left is null) return right;
        if (right is null) return left;

        Vma lowest = right;
        while (lowest.Left is not null) lowest = lowest.Left;
        Vma? rest = RemoveBelow(right, lowest);
        lowest.Left = left;
        lowest.Right = rest;
        return Balance(lowest);
    }

    /// <summary>Measures a node and all above it again. Ranges never overlap, so its place in the order is
    /// unchanged.</summary>
    private void Refresh(Vma vma) => RefreshBelow(_root!, vma);

    private static void RefreshBelow(Vma node, Vma vma)
    {
        if (!ReferenceEquals(node, vma)) RefreshBelow(vma.Start < node.Start ? node.Left! : node.Right!, vma);
        Measure(node);
    }

    private static void Measure(Vma node)
    {
        int left = HeightOf(node.Left);
        int right = HeightOf(node.Right);
        node.Height = (left > right ? left : right) + 1;

        ulong largest = GapBelow(node);
        if (node.Left is not null && node.Left.LargestGap > largest) largest = node.Left.LargestGap;
        if (node.Right is not null && node.Right.LargestGap > largest) largest = node.Right.LargestGap;
        node.LargestGap = largest;
    }

    private static Vma Balance(Vma node)
    {
        int lean = HeightOf(node.Left) - HeightOf(node.Right);
        if (lean > 1)
        {
            Vma left = node.Left!;
            if (HeightOf(left.Left) < HeightOf(left.Right)) node.Left = RotateLeft(left);
            return RotateRight(node);
        }

        if (lean < -1)
        {
            Vma right = node.Right!;
            if (HeightOf(right.Right) < HeightOf(right.Left)) node.Right = RotateRight(right);
            return RotateLeft(node);
        }

        Measure(node);
        return node;
    }

    private static Vma RotateRight(Vma node)
    {
        Vma top = node.Left!;
        node.Left = top.Right;
        top.Right = node;
        Measure(node);
        Measure(top);
        return top;
    }

    private static Vma RotateLeft(Vma node)
    {
        Vma top = node.Right!;
        node.Right = top.Left;
        top.Left = node;
        Measure(node);
        Measure(top);
        return top;
    }

    private static int HeightOf(Vma? node) => node is null ? 0 : node.Height;

    /// <summary>The bracket around a change; see the remarks of <see cref="VmaTree"/>.</summary>
    internal readonly ref struct Change
    {
        private readonly VmaTree _tree;

        internal Change(VmaTree tree)
        {
            _tree = tree;
            // A full barrier: no write of the change is seen before the version is odd.
            _ = Interlocked.Increment(ref tree._version);
        }

        internal void Dispose() => _ = Interlocked.Increment(ref _tree._version);
    }
}
