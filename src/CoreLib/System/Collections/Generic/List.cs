using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace System.Collections.Generic;

/// <summary>An array that grows by doubling.</summary>
public class List<T> : IList<T>, IReadOnlyList<T>
{
    private const int DefaultCapacity = 4;

    internal T[] _items;
    internal int _size;
    private int _version;

    public List()
    {
        _items = Array.Empty<T>();
    }

    public List(int capacity)
    {
        ThrowHelper.IfNegative(capacity);
        _items = capacity == 0 ? Array.Empty<T>() : new T[capacity];
    }

    public List(IEnumerable<T> collection)
    {
        _items = Array.Empty<T>();
        AddRange(collection);
    }

    public int Count => _size;

    public int Capacity
    {
        get => _items.Length;
        set
        {
            if (value < _size)
            {
                ThrowHelper.ArgumentOutOfRange();
            }

            Array.Resize(ref _items, value);
        }
    }

    bool ICollection<T>.IsReadOnly => false;

    public T this[int index]
    {
        get
        {
            if ((uint)index >= (uint)_size)
            {
                ThrowHelper.ArgumentOutOfRange();
            }

            return _items[index];
        }

        set
        {
            if ((uint)index >= (uint)_size)
            {
                ThrowHelper.ArgumentOutOfRange();
            }

            _items[index] = value;
            _version++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(T item)
    {
        _version++;
        T[] items = _items;
        int size = _size;
        if ((uint)size < (uint)items.Length)
        {
            _size = size + 1;
            items[size] = item;
        }
        else
        {
            AddWithResize(item);
        }
    }

    public void AddRange(IEnumerable<T> collection)
    {
        if (collection is ICollection<T> counted)
        {
            EnsureCapacity(_size + counted.Count);
            counted.CopyTo(_items, _size);
            _size += counted.Count;
            _version++;
            return;
        }

        foreach (T item in collection)
        {
            Add(item);
        }
    }

    public void Clear()
    {
        _version++;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            Array.Clear(_items, 0, _size);
        }

        _size = 0;
    }

    public bool Contains(T item) => IndexOf(item) >= 0;

    public void CopyTo(T[] array) => CopyTo(array, 0);

    public void CopyTo(T[] array, int arrayIndex) => Array.Copy(_items, 0, array, arrayIndex, _size);

    public void CopyTo(int index, T[] array, int arrayIndex, int count)
    {
        CheckRange(index, count);
        Array.Copy(_items, index, array, arrayIndex, count);
    }

    /// <summary>Makes room for at least so many elements in all.</summary>
    public int EnsureCapacity(int capacity)
    {
        ThrowHelper.IfNegative(capacity);
        if (_items.Length < capacity)
        {
            Grow(capacity);
        }

        return _items.Length;
    }

    public bool Exists(Predicate<T> match) => FindIndex(match) >= 0;

    public T? Find(Predicate<T> match)
    {
        int index = FindIndex(match);
        return index >= 0 ? _items[index] : default;
    }

    public int FindIndex(Predicate<T> match)
    {
        for (int i = 0; i < _size; i++)
        {
            if (match(_items[i]))
            {
                return i;
            }
        }

        return -1;
    }

    public int FindLastIndex(Predicate<T> match)
    {
        for (int i = _size - 1; i >= 0; i--)
        {
            if (match(_items[i]))
            {
                return i;
            }
        }

        return -1;
    }

    public Enumerator GetEnumerator() => new(this);

    public List<T> GetRange(int index, int count)
    {
        CheckRange(index, count);
        List<T> range = new(count) { _size = count };
        Array.Copy(_items, index, range._items, 0, count);
        return range;
    }

    public int IndexOf(T item) => Array.IndexOf(_items, item, 0, _size);

    public int LastIndexOf(T item)
    {
        for (int i = _size - 1; i >= 0; i--)
        {
            if (EqualityComparer<T>.Default.Equals(_items[i], item))
            {
                return i;
            }
        }

        return -1;
    }

    public int BinarySearch(T item) => Array.BinarySearch(_items, 0, _size, item);

    public int BinarySearch(T item, IComparer<T>? comparer) =>
        Array.BinarySearch(_items, 0, _size, item, comparer);

    public void Insert(int index, T item)
    {
        if ((uint)index > (uint)_size)
        {
            ThrowHelper.ArgumentOutOfRange();
        }

        if (_size == _items.Length)
        {
            Grow(_size + 1);
        }

        Array.Copy(_items, index, _items, index + 1, _size - index);
        _items[index] = item;
        _size++;
        _version++;
    }

    public bool Remove(T item)
    {
        int index = IndexOf(item);
        if (index < 0)
        {
            return false;
        }

        RemoveAt(index);
        return true;
    }

    /// <summary>Removes what matches, keeps the order of the rest.</summary>
    public int RemoveAll(Predicate<T> match)
    {
        int kept = 0;
        for (int i = 0; i < _size; i++)
        {
            if (!match(_items[i]))
            {
                _items[kept++] = _items[i];
            }
        }

        int removed = _size - kept;
        Array.Clear(_items, kept, removed);
        _size = kept;
        _version++;
        return removed;
    }

    public void RemoveAt(int index)
    {
        if ((uint)index >= (uint)_size)
        {
            ThrowHelper.ArgumentOutOfRange();
        }

        RemoveRange(index, 1);
    }

    public void RemoveRange(int index, int count)
    {
        CheckRange(index, count);
        int last = index + count;
        Array.Copy(_items, last, _items, index, _size - last);
        _size -= count;
        _version++;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            Array.Clear(_items, _size, count);
        }
    }

    public void Reverse()
    {
        Array.Reverse(_items, 0, _size);
        _version++;
    }

    public void Sort() => Sort((IComparer<T>?)null);

    public void Sort(IComparer<T>? comparer)
    {
        Array.Sort(_items, 0, _size, comparer);
        _version++;
    }

    public void Sort(Comparison<T> comparison)
    {
        new Span<T>(_items, 0, _size).Sort(comparison);
        _version++;
    }

    public T[] ToArray() => new ReadOnlySpan<T>(_items, 0, _size).ToArray();

    public void TrimExcess() => Capacity = _size;

    public bool TrueForAll(Predicate<T> match)
    {
        for (int i = 0; i < _size; i++)
        {
            if (!match(_items[i]))
            {
                return false;
            }
        }

        return true;
    }

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>
    /// For CollectionsMarshal: the elements gained have the default value or what was there before.
    /// </summary>
    internal void SetCount(int count)
    {
        ThrowHelper.IfNegative(count);
        if (count > _items.Length)
        {
            Grow(count);
        }
        else if (count < _size && RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            Array.Clear(_items, count, _size - count);
        }

        _size = count;
        _version++;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddWithResize(T item)
    {
        int size = _size;
        Grow(size + 1);
        _size = size + 1;
        _items[size] = item;
    }

    private void Grow(int needed)
    {
        int doubled = _items.Length == 0 ? DefaultCapacity : 2 * _items.Length;
        if ((uint)doubled > (uint)Array.MaxLength)
        {
            doubled = Array.MaxLength;
        }

        Capacity = doubled < needed ? needed : doubled;
    }

    private void CheckRange(int index, int count)
    {
        if (index < 0 || count < 0 || _size - index < count)
        {
            ThrowHelper.ArgumentOutOfRange();
        }
    }

    public struct Enumerator : IEnumerator<T>
    {
        private readonly List<T> _list;
        private readonly int _version;
        private int _index;
        private T? _current;

        internal Enumerator(List<T> list)
        {
            _list = list;
            _version = list._version;
        }

        public readonly T Current => _current!;

        readonly object? IEnumerator.Current => _current;

        public bool MoveNext()
        {
            List<T> list = _list;
            if (_version != list._version)
            {
                ThrowHelper.ChangedWhileEnumerated();
            }

            if ((uint)_index < (uint)list._size)
            {
                _current = list._items[_index++];
                return true;
            }

            _current = default;
            return false;
        }

        public readonly void Dispose()
        {
        }

        void IEnumerator.Reset()
        {
            _index = 0;
            _current = default;
        }
    }
}
