using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace System.Collections.Generic;

/// <summary>
/// Chained hash table in two arrays: buckets hold the first entry's index plus one, entries the next one's.
/// Removed entries form a free list. Enumeration goes in the order of addition as long as nothing was
/// removed.
/// </summary>
public class Dictionary<TKey, TValue> : IReadOnlyCollection<KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    private const int EndOfChain = -1;

    // A free entry's Next is this minus the next free one's index: below EndOfChain, which tells it from one
    // in use.
    private const int FreeBase = -3;

    private int[]? _buckets;
    private Entry[]? _entries;
    private int _shift;
    private int _used;          // entries ever handed out, free ones included
    private int _freeFirst;     // head of the free list, meaningful while _freeCount > 0
    private int _freeCount;
    private int _version;
    private readonly IEqualityComparer<TKey>? _comparer;

    public Dictionary()
    {
    }

    public Dictionary(int capacity)
        : this(capacity, null)
    {
    }

    public Dictionary(IEqualityComparer<TKey>? comparer)
        : this(0, comparer)
    {
    }

    public Dictionary(int capacity, IEqualityComparer<TKey>? comparer)
    {
        ThrowHelper.IfNegative(capacity);
        _comparer = comparer;
        if (capacity > 0)
        {
            Allocate(HashBuckets.CountFor(capacity));
        }
    }

    public int Count => _used - _freeCount;

    public int Capacity => _entries is null ? 0 : _entries.Length;

    public IEqualityComparer<TKey> Comparer => _comparer ?? EqualityComparer<TKey>.Default;

    public KeyCollection Keys => new(this);

    public ValueCollection Values => new(this);

    public TValue this[TKey key]
    {
        get
        {
            ref TValue value = ref FindValue(key);
            if (Unsafe.IsNullRef(ref value))
            {
                ThrowHelper.KeyNotFound();
            }

            return value;
        }

        set
        {
            FindOrAdd(key, out _) = value;
        }
    }

    public void Add(TKey key, TValue value)
    {
        if (!TryAdd(key, value))
        {
            ThrowHelper.DuplicateKey();
        }
    }

    public bool TryAdd(TKey key, TValue value)
    {
        ref TValue place = ref FindOrAdd(key, out bool exists);
        if (exists)
        {
            return false;
        }

        place = value;
        return true;
    }

    public void Clear()
    {
        if (_used == 0)
        {
            return;
        }

        Array.Clear(_buckets!);
        Array.Clear(_entries!, 0, _used);
        _used = 0;
        _freeCount = 0;
    }

    public bool ContainsKey(TKey key) => !Unsafe.IsNullRef(ref FindValue(key));

    public bool ContainsValue(TValue value)
    {
        foreach (KeyValuePair<TKey, TValue> pair in this)
        {
            if (EqualityComparer<TValue>.Default.Equals(pair.Value, value))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Makes room for at least so many entries in all.</summary>
    public int EnsureCapacity(int capacity)
    {
        ThrowHelper.IfNegative(capacity);
        if (capacity > Capacity)
        {
            Resize(HashBuckets.CountFor(capacity));
            _version++;
        }

        return Capacity;
    }

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        ref TValue found = ref FindValue(key);
        if (Unsafe.IsNullRef(ref found))
        {
            value = default;
            return false;
        }

        value = found;
        return true;
    }

    public bool Remove(TKey key) => Remove(key, out _);

    public bool Remove(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_buckets is not null)
        {
            Entry[] entries = _entries!;
            int hash = Hash(key);
            ref int link = ref _buckets[HashBuckets.Index(hash, _shift)];
            int previous = EndOfChain;
            for (int i = link - 1; i >= 0; previous = i, i = entries[i].Next)
            {
                ref Entry entry = ref entries[i];
                if (entry.Hash != hash || !AreEqual(entry.Key, key))
                {
                    continue;
                }

                if (previous < 0)
                {
                    link = entry.Next + 1;
                }
                else
                {
                    entries[previous].Next = entry.Next;
                }

                value = entry.Value;
                Free(ref entry, i);
                return true;
            }
        }

        value = default;
        return false;
    }

    public void TrimExcess()
    {
        // Only a table that is mostly empty is worth moving: entries are compacted by adding them again.
        int count = HashBuckets.CountFor(Count);
        if (_entries is null || count >= _entries.Length)
        {
            return;
        }

        Entry[] old = _entries;
        int oldUsed = _used;
        Allocate(count);
        _used = 0;
        _freeCount = 0;
        _version++;
        for (int i = 0; i < oldUsed; i++)
        {
            if (old[i].Next >= EndOfChain)
            {
                FindOrAdd(old[i].Key, out _) = old[i].Value;
            }
        }
    }

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() =>
        GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal ref TValue FindValue(TKey key)
    {
        if (_buckets is not null)
        {
            Entry[] entries = _entries!;
            int hash = Hash(key);
            int i = _buckets[HashBuckets.Index(hash, _shift)] - 1;
            while ((uint)i < (uint)entries.Length)
            {
                ref Entry entry = ref entries[i];
                if (entry.Hash == hash && AreEqual(entry.Key, key))
                {
                    return ref entry.Value;
                }

                i = entry.Next;
            }
        }

        return ref Unsafe.NullRef<TValue>();
    }

    internal ref TValue FindOrAdd(TKey key, out bool exists)
    {
        if (_buckets is null)
        {
            Allocate(HashBuckets.SmallestCount);
        }

        ref TValue found = ref FindValue(key);
        exists = !Unsafe.IsNullRef(ref found);
        if (exists)
        {
            return ref found;
        }

        int index = TakeEntry();
        int hash = Hash(key);
        ref int link = ref _buckets![HashBuckets.Index(hash, _shift)];
        ref Entry entry = ref _entries![index];
        entry.Hash = hash;
        entry.Next = link - 1;
        entry.Key = key;
        entry.Value = default!;
        link = index + 1;
        _version++;
        return ref entry.Value;
    }

    private int TakeEntry()
    {
        if (_freeCount > 0)
        {
            int index = _freeFirst;
            _freeFirst = FreeBase - _entries![index].Next;
            _freeCount--;
            return index;
        }

        if (_used == _entries!.Length)
        {
            Resize(2 * _used);
        }

        return _used++;
    }

    private void Free(ref Entry entry, int index)
    {
        entry.Next = FreeBase - (_freeCount > 0 ? _freeFirst : EndOfChain);
        entry.Key = default!;
        entry.Value = default!;
        _freeFirst = index;
        _freeCount++;
    }

    private void Allocate(int bucketCount)
    {
        _buckets = new int[bucketCount];
        _entries = new Entry[bucketCount];
        _shift = HashBuckets.ShiftFor(bucketCount);
    }

    private void Resize(int bucketCount)
    {
        Entry[]? old = _entries;
        Allocate(bucketCount);
        if (old is null)
        {
            return;
        }

        Entry[] entries = _entries!;
        Array.Copy(old, entries, _used);
        for (int i = 0; i < _used; i++)
        {
            if (entries[i].Next >= EndOfChain)
            {
                ref int link = ref _buckets![HashBuckets.Index(entries[i].Hash, _shift)];
                entries[i].Next = link - 1;
                link = i + 1;
            }
        }
    }

    // Value types are compared directly unless there is a comparer; see EqualityComparer.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Hash(TKey key) => _comparer is null ? key.GetHashCode() : _comparer.GetHashCode(key);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool AreEqual(TKey left, TKey right) =>
        _comparer is null
            ? EqualityComparer<TKey>.Default.Equals(left, right)
            : _comparer.Equals(left, right);

    internal struct Entry
    {
        internal int Hash;
        internal int Next;      // the next entry's index, EndOfChain, or less: see FreeBase
        internal TKey Key;
        internal TValue Value;
    }

    public struct Enumerator : IEnumerator<KeyValuePair<TKey, TValue>>
    {
        private readonly Dictionary<TKey, TValue> _dictionary;
        private readonly int _version;
        private int _index;
        private KeyValuePair<TKey, TValue> _current;

        internal Enumerator(Dictionary<TKey, TValue> dictionary)
        {
            _dictionary = dictionary;
            _version = dictionary._version;
        }

        public readonly KeyValuePair<TKey, TValue> Current => _current;

        readonly object? IEnumerator.Current => _current;

        public bool MoveNext()
        {
            if (_version != _dictionary._version)
            {
                ThrowHelper.ChangedWhileEnumerated();
            }

            while (_index < _dictionary._used)
            {
                ref Entry entry = ref _dictionary._entries![_index++];
                if (entry.Next >= EndOfChain)
                {
                    _current = new KeyValuePair<TKey, TValue>(entry.Key, entry.Value);
                    return true;
                }
            }

            _current = default;
            return false;
        }

        public readonly void Dispose()
        {
        }

        void IEnumerator.Reset() => Reset();

        internal void Reset()
        {
            _index = 0;
            _current = default;
        }
    }

    /// <summary>The keys, live; a struct here, so that asking for it allocates nothing.</summary>
    public readonly struct KeyCollection
    {
        private readonly Dictionary<TKey, TValue> _dictionary;

        internal KeyCollection(Dictionary<TKey, TValue> dictionary)
        {
            _dictionary = dictionary;
        }

        public int Count => _dictionary.Count;

        public Enumerator GetEnumerator() => new(_dictionary.GetEnumerator());

        public void CopyTo(TKey[] array, int index)
        {
            foreach (TKey key in this)
            {
                array[index++] = key;
            }
        }

        public struct Enumerator
        {
            private Dictionary<TKey, TValue>.Enumerator _pairs;

            internal Enumerator(Dictionary<TKey, TValue>.Enumerator pairs)
            {
                _pairs = pairs;
            }

            public readonly TKey Current => _pairs.Current.Key;

            public bool MoveNext() => _pairs.MoveNext();

            internal void Reset() => _pairs.Reset();
        }
    }

    /// <summary>The values, live; see <see cref="KeyCollection"/>.</summary>
    public readonly struct ValueCollection
    {
        private readonly Dictionary<TKey, TValue> _dictionary;

        internal ValueCollection(Dictionary<TKey, TValue> dictionary)
        {
            _dictionary = dictionary;
        }

        public int Count => _dictionary.Count;

        public Enumerator GetEnumerator() => new(_dictionary.GetEnumerator());

        public void CopyTo(TValue[] array, int index)
        {
            foreach (TValue value in this)
            {
                array[index++] = value;
            }
        }

        public struct Enumerator
        {
            private Dictionary<TKey, TValue>.Enumerator _pairs;

            internal Enumerator(Dictionary<TKey, TValue>.Enumerator pairs)
            {
                _pairs = pairs;
            }

            public readonly TValue Current => _pairs.Current.Value;

            public bool MoveNext() => _pairs.MoveNext();
        }
    }
}
