using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace System.Collections.Generic;

/// <summary>
/// A heap in an array, smallest priority first. Four children a node: half the depth of a binary heap, and
/// siblings lie side by side.
/// </summary>
public class PriorityQueue<TElement, TPriority>
{
    private const int ChildCount = 4;
    private const int SmallestCapacity = 4;

    private (TElement Element, TPriority Priority)[] _nodes;
    private int _size;
    private readonly IComparer<TPriority>? _comparer;

    public PriorityQueue()
        : this(0, null)
    {
    }

    public PriorityQueue(int initialCapacity)
        : this(initialCapacity, null)
    {
    }

    public PriorityQueue(IComparer<TPriority>? comparer)
        : this(0, comparer)
    {
    }

    public PriorityQueue(int initialCapacity, IComparer<TPriority>? comparer)
    {
        ThrowHelper.IfNegative(initialCapacity);
        _nodes = initialCapacity == 0
            ? Array.Empty<(TElement, TPriority)>()
            : new (TElement, TPriority)[initialCapacity];
        _comparer = comparer;
    }

    public int Count => _size;

    public int Capacity => _nodes.Length;

    public IComparer<TPriority> Comparer => _comparer ?? Comparer<TPriority>.Default;

    public void Clear()
    {
        Array.Clear(_nodes, 0, _size);
        _size = 0;
    }

    public void Enqueue(TElement element, TPriority priority)
    {
        EnsureCapacity(_size + 1);
        MoveUp((element, priority), _size++);
    }

    public TElement Dequeue()
    {
        if (!TryDequeue(out TElement? element, out _))
        {
            ThrowHelper.Empty();
        }

        return element;
    }

    public bool TryDequeue(
        [MaybeNullWhen(false)] out TElement element, [MaybeNullWhen(false)] out TPriority priority)
    {
        if (!TryPeek(out element, out priority))
        {
            return false;
        }

        RemoveAt(0);
        return true;
    }

    public TElement Peek()
    {
        if (_size == 0)
        {
            ThrowHelper.Empty();
        }

        return _nodes[0].Element;
    }

    public bool TryPeek(
        [MaybeNullWhen(false)] out TElement element, [MaybeNullWhen(false)] out TPriority priority)
    {
        if (_size == 0)
        {
            element = default;
            priority = default;
            return false;
        }

        (element, priority) = _nodes[0];
        return true;
    }

    /// <summary>
    /// Removes the first element found that equals this one: takes time proportional to the count.
    /// </summary>
    public bool Remove(
        TElement element,
        [MaybeNullWhen(false)] out TElement removedElement,
        [MaybeNullWhen(false)] out TPriority priority,
        IEqualityComparer<TElement>? equalityComparer = null)
    {
        equalityComparer ??= EqualityComparer<TElement>.Default;
        for (int i = 0; i < _size; i++)
        {
            if (equalityComparer.Equals(_nodes[i].Element, element))
            {
                (removedElement, priority) = _nodes[i];
                RemoveAt(i);
                return true;
            }
        }

        removedElement = default;
        priority = default;
        return false;
    }

    public int EnsureCapacity(int capacity)
    {
        ThrowHelper.IfNegative(capacity);
        if (_nodes.Length < capacity)
        {
            Array.Resize(ref _nodes, Math.Max(Math.Max(capacity, 2 * _nodes.Length), SmallestCapacity));
        }

        return _nodes.Length;
    }

    private void RemoveAt(int index)
    {
        (TElement Element, TPriority Priority) last = _nodes[--_size];
        _nodes[_size] = default;
        if (index == _size)
        {
            return;
        }

        // The last node takes the hole; away from the root it may belong above it as well as below.
        if (index > 0 && Compare(last.Priority, _nodes[Parent(index)].Priority) < 0)
        {
            MoveUp(last, index);
        }
        else
        {
            MoveDown(last, index);
        }
    }

    private void MoveUp((TElement Element, TPriority Priority) node, int index)
    {
        while (index > 0)
        {
            int parent = Parent(index);
            if (Compare(node.Priority, _nodes[parent].Priority) >= 0)
            {
                break;
            }

            _nodes[index] = _nodes[parent];
            index = parent;
        }

        _nodes[index] = node;
    }

    private void MoveDown((TElement Element, TPriority Priority) node, int index)
    {
        while (true)
        {
            int first = index * ChildCount + 1;
            if (first >= _size)
            {
                break;
            }

            int least = first;
            int end = Math.Min(first + ChildCount, _size);
            for (int child = first + 1; child < end; child++)
            {
                if (Compare(_nodes[child].Priority, _nodes[least].Priority) < 0)
                {
                    least = child;
                }
            }

            if (Compare(node.Priority, _nodes[least].Priority) <= 0)
            {
                break;
            }

            _nodes[index] = _nodes[least];
            index = least;
        }

        _nodes[index] = node;
    }

    private static int Parent(int index) => (index - 1) / ChildCount;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Compare(TPriority left, TPriority right) =>
        _comparer is null ? Comparer<TPriority>.Default.Compare(left, right) : _comparer.Compare(left, right);
}
