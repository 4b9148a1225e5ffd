using System;
using System.Diagnostics.CodeAnalysis;

namespace Cashew.Files.Systems;

/// <summary>The entries of a directory in memory: found by name through a hash, listed in the order in which they were made.
/// </summary>
/// <remarks>
/// Each entry gets the next number (cookie) and keeps it; the array is in the order of the cookies. So a listing that
/// stopped behind a cookie goes on there, whatever came or went meanwhile: nothing that stays is skipped or shown twice. A
/// removed entry leaves a gap, and when more than half are gaps they are closed.
/// </remarks>
/// <locking>The directory's.</locking>
internal sealed class DirectoryIndex
{
    private const int InitialCapacity = 4;
    private const int None = -1;

    private int[] _buckets = [];
    private Entry[] _entries = [];
    private int _used;
    private int _live;
    private long _nextCookie = DirectoryFile.FirstEntry;

    internal struct Entry
    {
        internal byte[]? Name;
        internal Inode? Inode;
        internal long Cookie;
        internal uint Hash;
        internal int Next;

        internal readonly bool IsGap => Inode is null;
    }

    internal int Count => _live;

    internal bool TryFind(ReadOnlySpan<byte> name, [NotNullWhen(true)] out Inode? inode)
    {
        int index = IndexOf(name);
        inode = index == None ? null : _entries[index].Inode;
        return inode is not null;
    }

    /// <summary>Adds an entry; there is none of that name.</summary>
    internal void Add(ReadOnlySpan<byte> name, Inode inode)
    {
        if (_used == _entries.Length) Rebuild();
        uint hash = NameRules.Hash(name);
        ref int bucket = ref BucketFor(hash);
        _entries[_used] = new Entry
        {
            Name = name.ToArray(),
            Inode = inode,
            Cookie = _nextCookie++,
            Hash = hash,
            Next = bucket,
        };
        bucket = _used++;
        _live++;
    }

    internal void Replace(ReadOnlySpan<byte> name, Inode inode) => _entries[IndexOf(name)].Inode = inode;

    internal void Remove(ReadOnlySpan<byte> name)
    {
        int index = IndexOf(name);
        ref Entry entry = ref _entries[index];
        ref int link = ref BucketFor(entry.Hash);
        while (link != index) link = ref _entries[link].Next;
        link = entry.Next;
        entry = new Entry { Cookie = entry.Cookie };
        _live--;
    }

    internal void Clear()
    {
        _buckets = [];
        _entries = [];
        _used = 0;
        _live = 0;
    }

    /// <summary>The first entry whose cookie is not below one; false at the end.</summary>
    internal bool TryNext(long cookie, out Entry entry)
    {
        int low = 0;
        int high = _used;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_entries[middle].Cookie < cookie) low = middle + 1;
            else high = middle;
        }

        while (low < _used && _entries[low].IsGap) low++;
        entry = low < _used ? _entries[low] : default;
        return low < _used;
    }

    private int IndexOf(ReadOnlySpan<byte> name)
    {
        if (_live == 0) return None;

        uint hash = NameRules.Hash(name);
        int index = BucketFor(hash);
        while (index != None)
        {
            ref Entry entry = ref _entries[index];
            if (entry.Hash == hash && name.SequenceEqual(entry.Name)) return index;
            index = entry.Next;
        }

        return None;
    }

    private ref int BucketFor(uint hash) => ref _buckets[(int)(hash & (uint)(_buckets.Length - 1))];

    /// <summary>Makes room: closes the gaps, and grows if there are few.</summary>
    private void Rebuild()
    {
        int capacity = InitialCapacity;
        while (capacity < (_live + 1) * 2) capacity *= 2;
        Entry[] entries = new Entry[capacity];
        int count = 0;
        for (int i = 0; i < _used; i++)
        {
            if (!_entries[i].IsGap) entries[count++] = _entries[i];
        }

        _entries = entries;
        _used = count;
        _buckets = new int[capacity];
        Array.Fill(_buckets, None);
        for (int i = 0; i < count; i++)
        {
            ref int bucket = ref BucketFor(entries[i].Hash);
            entries[i].Next = bucket;
            bucket = i;
        }
    }
}
