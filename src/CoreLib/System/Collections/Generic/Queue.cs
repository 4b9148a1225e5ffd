using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace System.Collections.Generic;

/// <summary>First in, first out, in a circular array whose length is a power of two.</summary>
public class Queue<T> : IReadOnlyCollection<T>
{
    private const int SmallestCapacity = 4;

    private T[] _items;
    private int _head;      // where the oldest element is
    private int _size;
    private int _version;

    public Queue()
    {
        _items = Array.Empty<T>();
    }

    public Queue(int capacity)
    {
        ThrowHelper.IfNegative(capacity);
        _items = capacity == 0 ? Array.Empty<T>() : new T[HashBuckets.CountFor(capacity)];
    }

    public int Count => _size;

    public int Capacity => _items.Length;

    public void Clear()
    {
        Array.Clear(_items);
        _head = 0;
        _size = 0;
        _version++;
    }

    public bool Contains(T item)
    {
        foreach (T candidate in this)
        {
            if (EqualityComparer<T>.Default.Equals(candidate, item))
            {
                return true;
            }
        }

        return false;
    }

    public void Enqueue(T item)
    {
        if (_size == _items.Length)
        {
            Grow(_size + 1);
        }

        _items[Wrap(_head + _size)] = item;
        _size++;
        _version++;
    }

    public T Dequeue()
    {
        if (!TryDequeue(out T? item))
        {
            ThrowHelper.Empty();
        }

        return item;
    }

    public bool TryDequeue([MaybeNullWhen(false)] out T result)
    {
        if (_size == 0)
        {
            result = default;
            return false;
        }

        result = _items[_head];
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            _items[_head] = default!;
        }

        _head = Wrap(_head + 1);
        _size--;
        _version++;
        return true;
    }

    public T Peek()
    {
        if (_size == 0)
        {
            ThrowHelper.Empty();
        }

        return _items[_head];
    }

    public bool TryPeek([MaybeNullWhen(false)] out T result)
    {
        result = _size != 0 ? _items[_head] : default;
        return _size != 0;
    }

    public int EnsureCapacity(int capacity)
    {
        ThrowHelper.IfNegative(capacity);
        if (_items.Length < capacity)
        {
            Grow(capacity);
        }

        return _items.Length;
    }

    public T[] ToArray()
    {
        T[] copy = new T[_size];
        CopyTo(copy, 0);
        return copy;
    }

    public void CopyTo(T[] array, int arrayIndex)
    {
        int untilEnd = Math.Min(_size, _items.Length - _head);
        Array.Copy(_items, _head, array, arrayIndex, untilEnd);
        Array.Copy(_items, 0, array, arrayIndex + untilEnd, _size - untilEnd);
    }

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int Wrap(int index) => index & (_items.Length - 1);

    private void Grow(int needed)
    {
        T[] items = new T[HashBuckets.CountFor(Math.Max(needed, SmallestCapacity))];
        CopyTo(items, 0);
        _items = items;
        _head = 0;
        _version++;
    }

    public struct Enumerator : IEnumerator<T>
    {
        private readonly Queue<T> _queue;
        private readonly int _version;
        private int _index;

        internal Enumerator(Queue<T> queue)
        {
            _queue = queue;
            _version = queue._version;
            _index = -1;
        }

        public readonly T Current => _queue._items[_queue.Wrap(_queue._head + _index)];

        readonly object? IEnumerator.Current => Current;

        public bool MoveNext()
        {
            if (_version != _queue._version)
            {
                ThrowHelper.ChangedWhileEnumerated();
            }

            return ++_index < _queue._size;
        }

        public readonly void Dispose()
        {
        }

        void IEnumerator.Reset() => _index = -1;
    }
}
