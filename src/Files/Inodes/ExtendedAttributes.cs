using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Files;

/// <summary>The extended attributes of one file: names with values, of which the kernel understands
/// only <see cref="CapabilityAttribute"/>.</summary>
/// <locking>None: the list is immutable and replaced whole; who loses the race starts over.</locking>
/// <source>xattr(7), setxattr(2).</source>
internal sealed class ExtendedAttributes(PageBudget budget)
{
    // A file's attributes all together; Linux's file systems have limits of this order.
    private const long MaxTotalBytes = 1 << 20;

    // So that the list, and the list of names, are objects of a size that is always to be had.
    private const int MaxEntries = 1024;
    private const int MaxNamesBytes = Limits.XATTR_LIST_MAX / 2;

    private readonly PageBudget _budget = budget;
    private Entry[] _entries = [];

    /// <summary>False: there is no attribute of that name.</summary>
    internal bool TryGet(ReadOnlySpan<byte> name, [NotNullWhen(true)] out byte[]? value)
    {
        Entry[] entries = Volatile.Read(ref _entries);
        int index = IndexOf(entries, name);
        value = index < 0 ? null : entries[index].Value;
        return index >= 0;
    }

    /// <summary>Sets or replaces a value, which must not be changed afterwards; null takes the attribute
    /// away.</summary>
    /// <param name="name">Copied.</param>
    /// <param name="value">Kept.</param>
    /// <param name="flags">XATTR_CREATE, XATTR_REPLACE or neither.</param>
    /// <errors>EEXIST, ENODATA: as the flags say. ENOSPC: the names would not fit into one list, or the file
    /// system is full.</errors>
    internal Errno Set(ReadOnlySpan<byte> name, byte[]? value, int flags)
    {
        while (true)
        {
            Entry[] old = Volatile.Read(ref _entries);
            int index = IndexOf(old, name);
            if (index >= 0 && (flags & XattrBits.XATTR_CREATE) != 0) return Errno.EEXIST;
            if (index < 0 && (value is null || (flags & XattrBits.XATTR_REPLACE) != 0)) return Errno.ENODATA;

            Entry[] changed = With(old, index, name, value);
            if (!Fits(changed)) return Errno.ENOSPC;

            long pages = Pages(changed) - Pages(old);
            if (pages > 0 && !_budget.TryCharge(pages)) return Errno.ENOSPC;
            bool isMine = ReferenceEquals(Interlocked.CompareExchange(ref _entries, changed, old), old);
            long unused = isMine ? -pages : pages;
            if (unused > 0) _budget.Uncharge(unused);
            if (isMine) return Errno.None;
        }
    }

    /// <summary>All names, a NUL after each.</summary>
    /// <param name="includesTrusted">Whether the caller may know of those that are for
    /// administrators.</param>
    /// <param name="shown">The file system by which the file was found: some hide what they need for
    /// themselves.</param>
    internal byte[] List(bool includesTrusted, Filesystem? shown = null)
    {
        ByteBuilder names = new(NamesBytes(Volatile.Read(ref _entries)));
        foreach (Entry entry in Volatile.Read(ref _entries))
        {
            if (!includesTrusted && entry.Name.AsSpan().StartsWith("trusted."u8)) continue;
            if (shown is not null && shown.HidesAttribute(entry.Name)) continue;
            names.Append(entry.Name).Append((byte)0);
        }

        return names.ToArray();
    }

    /// <summary>The file goes: its attributes take no room any more.</summary>
    internal void Release()
    {
        long pages = Pages(Interlocked.Exchange(ref _entries, []));
        if (pages > 0) _budget.Uncharge(pages);
    }

    private static Entry[] With(Entry[] old, int index, ReadOnlySpan<byte> name, byte[]? value)
    {
        int length = old.Length + (value is null ? -1 : index < 0 ? 1 : 0);
        Entry[] changed = new Entry[length];
        int at = 0;
        for (int i = 0; i < old.Length; i++)
        {
            if (i != index) changed[at++] = old[i];
        }

        if (value is not null) changed[at] = new Entry(name.ToArray(), value);
        return changed;
    }

    private static int IndexOf(Entry[] entries, ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < entries.Length; i++)
        {
            if (entries[i].Name.AsSpan().SequenceEqual(name)) return i;
        }

        return -1;
    }

    private static bool Fits(Entry[] entries) =>
        entries.Length <= MaxEntries && NamesBytes(entries) <= MaxNamesBytes && TotalBytes(entries) <= MaxTotalBytes;

    private static int NamesBytes(Entry[] entries)
    {
        int total = 0;
        foreach (Entry entry in entries) total += entry.Name.Length + 1;
        return total;
    }

    // With what the objects themselves take.
    private static long TotalBytes(Entry[] entries)
    {
        const int overheadBytes = 64;
        long total = 0;
        foreach (Entry entry in entries) total += entry.Name.Length + entry.Value.Length + overheadBytes;
        return total;
    }

    private static long Pages(Entry[] entries)
        => (TotalBytes(entries) + UserAddress.PageSizeBytes - 1) / UserAddress.PageSizeBytes;

    private readonly struct Entry(byte[] name, byte[] value)
    {
        internal byte[] Name { get; } = name;
        internal byte[] Value { get; } = value;
    }
}
