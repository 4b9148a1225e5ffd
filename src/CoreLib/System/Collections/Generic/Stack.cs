using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace System.Collections.Generic;

/// <summary>Last in, first out; enumerated from the top.</summary>
public class Stack<T> : IReadOnlyCollection<T>
{
    private const int SmallestCapacity = 4;

    private T[] _items;
    private int _size;
    private int _version;

    public Stack()
    {
        _items = Array.Empty<T>();
    }

    public Stack(int capacity)
    {
        ThrowHelper.IfNegative(capacity);
        _items = capacity == 0 ? Array.Empty<T>() : new T[capacity];
    }

    public int Count => _size;

    public int Capacity => _items.Length;

    public void Clear()
    {
        Array.Clear(_items, 0, _size);
        _size = 0;
        _version++;
    }

    public bool Contains(T item) => Array.IndexOf(_items, item, 0, _size) >= 0;

    public void Push(T item)
    {
        if (_size == _items.Length)
        {
            Array.Resize(ref _items, Math.Max(SmallestCapacity, 2 * _size));
        }

        _items[_size++] = item;
        _version++;
    }

    public T Pop()
    {
        if (!TryPop(out T? item))
        {
            ThrowHelper.Empty();
        }

        return item;
    }

    public bool TryPop([MaybeNullWhen(false)] out T result)
    {
        if (_size == 0)
        {
            result = default;
            return false;
        }

        result = _items[--_size];
        _version++;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            _items[_size] = default!;
        }

        return true;
    }

    public T Peek()
    {
        if (_size == 0)
        {
            ThrowHelper.Empty();
        }

        return _items[_size - 1];
    }

    public bool TryPeek([MaybeNullWhen(false)] out T result)
    {
        result = _size != 0 ? _items[_size - 1] : default;
        return _size != 0;
    }

    public int EnsureCapacity(int capacity)
    {
        ThrowHelper.IfNegative(capacity);
        if (_items.Length < capacity)
        {
            Array.Resize(ref _items, Math.Max(capacity, 2 * _size));
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
        Array.Copy(_items, 0, array, arrayIndex, _size);
        Array.Reverse(array, arrayIndex, _size);
    }

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public struct Enumerator : IEnumerator<T>
    {
        private readonly Stack<T> _stack;
        private readonly int _version;
        private int _index;

        internal Enumerator(Stack<T> stack)
        {
            _stack = stack;
            _version = stack._version;
            _index = stack._size;
        }

        public readonly T Current => _stack._items[_index];

        readonly object? IEnumerator.Current => Current;

        public bool MoveNext()
        {
            if (_version != _stack._version)
            {
                ThrowHelper.ChangedWhileEnumerated();
            }

            return --_index >= 0;
        }

        public readonly void Dispose()
        {
        }

        void IEnumerator.Reset() => _index = _stack._size;
    }
}
