using System;
using System.Diagnostics.CodeAnalysis;

namespace Cashew.Files.Systems;

/// <summary>The entries of a directory in memory: found by name, and listed in the order in which they were
/// made.
/// </summary>
/// <remarks>
/// Each entry gets the next number (cookie) and keeps it. So a listing that stopped behind a cookie goes on
/// there, whatever came or went meanwhile: nothing that stays is skipped or shown twice.
/// <para>An entry takes about 90 bytes and its name: 64 for itself, 24 for the array of the name, and about
/// 11 in each of the two trees; a directory with one entry takes 500. All objects are small: a directory may
/// have millions of entries, and no operation ever copies or visits them all.</para>
/// </remarks>
/// <locking>The directory's.</locking>
internal sealed class DirectoryIndex
{
    private readonly DirectoryNames _names = new();
    private readonly DirectorySlots _order = new();
    private long _nextCookie = DirectoryFile.FirstEntry;

    internal int Count => _names.Count;

    internal bool TryFind(ReadOnlySpan<byte> name, [NotNullWhen(true)] out Inode? inode)
    {
        inode = Find(name)?.Inode;
        return inode is not null;
    }

    /// <summary>Adds an entry; there is none of that name.</summary>
    /// <allocation>The entry and a few nodes: the caller has asked whether there is memory.</allocation>
    internal void Add(ReadOnlySpan<byte> name, Inode inode)
    {
        DirectoryEntry entry = new(name.ToArray(), NameRules.Hash(name), _nextCookie++, inode);
        _order.Set(entry.Cookie, entry);
        _names.Add(entry);
    }

    internal void Replace(ReadOnlySpan<byte> name, Inode inode) => Find(name)!.Inode = inode;

    internal void Remove(ReadOnlySpan<byte> name)
    {
        DirectoryEntry entry = Find(name)!;
        _names.Remove(entry);
        _order.Remove(entry.Cookie);
    }

    internal void Clear()
    {
        _names.Clear();
        _order.Clear();
    }

    /// <summary>The first entry whose cookie is not below one; false at the end.</summary>
    internal bool TryNext(long cookie, [NotNullWhen(true)] out DirectoryEntry? entry)
        => _order.TryFindFrom(cookie, out entry);

    private DirectoryEntry? Find(ReadOnlySpan<byte> name) => _names.Find(name, NameRules.Hash(name));
}
