using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace System.Collections.Generic;

/// <summary>The keys of a <see cref="Dictionary{TKey, TValue}"/> without values.</summary>
public class HashSet<T> : ICollection<T>, IReadOnlyCollection<T>
    where T : notnull
{
    private readonly Dictionary<T, Nothing> _members;

    public HashSet()
        : this(0, null)
    {
    }

    public HashSet(int capacity)
        : this(capacity, null)
    {
    }

    public HashSet(IEqualityComparer<T>? comparer)
        : this(0, comparer)
    {
    }

    public HashSet(int capacity, IEqualityComparer<T>? comparer)
    {
        _members = new Dictionary<T, Nothing>(capacity, comparer);
    }

    public HashSet(IEnumerable<T> collection)
        : this(0, null)
    {
        UnionWith(collection);
    }

    public int Count => _members.Count;

    bool ICollection<T>.IsReadOnly => false;

    public bool Add(T item) => _members.TryAdd(item, default);

    public void Clear() => _members.Clear();

    public bool Contains(T item) => _members.ContainsKey(item);

    public bool Remove(T item) => _members.Remove(item);

    public int EnsureCapacity(int capacity) => _members.EnsureCapacity(capacity);

    public void TrimExcess() => _members.TrimExcess();

    public void CopyTo(T[] array) => CopyTo(array, 0);

    public void CopyTo(T[] array, int arrayIndex) => _members.Keys.CopyTo(array, arrayIndex);

    public void UnionWith(IEnumerable<T> other)
    {
        foreach (T item in other)
        {
            Add(item);
        }
    }

    public void ExceptWith(IEnumerable<T> other)
    {
        if (other == this)
        {
            Clear();
            return;
        }

        foreach (T item in other)
        {
            Remove(item);
        }
    }

    public int RemoveWhere(Predicate<T> match)
    {
        int before = Count;
        foreach (T item in this)
        {
            if (match(item))
            {
                Remove(item);
            }
        }

        return before - Count;
    }

    public Enumerator GetEnumerator() => new(this);

    void ICollection<T>.Add(T item) => Add(item);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private struct Nothing
    {
    }

    public struct Enumerator : IEnumerator<T>
    {
        private Dictionary<T, Nothing>.KeyCollection.Enumerator _keys;

        internal Enumerator(HashSet<T> set)
        {
            _keys = set._members.Keys.GetEnumerator();
        }

        public readonly T Current => _keys.Current;

        readonly object? IEnumerator.Current => _keys.Current;

        public bool MoveNext() => _keys.MoveNext();

        public readonly void Dispose()
        {
        }

        void IEnumerator.Reset() => _keys.Reset();
    }
}
