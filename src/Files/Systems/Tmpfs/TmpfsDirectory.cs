using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Memory;

namespace Cashew.Files.Systems;

/// <summary>A directory of a tmpfs. Links: its name, its own ".", and the ".." of each directory in
/// it.</summary>
internal sealed class TmpfsDirectory : Inode
{
    // What Linux's tmpfs counts for an entry, "." and ".." included.
    private const int EntryBytes = 20;
    private const int OwnEntries = 2;

    private readonly TmpfsFilesystem _filesystem;
    private readonly DirectoryIndex _entries = new();
    private TmpfsDirectory? _parent;

    internal TmpfsDirectory(TmpfsFilesystem filesystem, ulong number, in NewNode node)
        : base(filesystem, number, node)
    {
        _filesystem = filesystem;
        AddLinks(1);
    }

    public override long LengthBytes => (_entries.Count + OwnEntries) * EntryBytes;

    internal override Inode? ContainingDirectory => _parent;

    public override bool TryLookup(ReadOnlySpan<byte> name, [NotNullWhen(true)] out Inode? inode, out Errno error)
    {
        error = _entries.TryFind(name, out inode) ? Errno.None : Errno.ENOENT;
        return inode is not null;
    }

    public override bool TryCreate(
        ReadOnlySpan<byte> name, in NewNode node, [NotNullWhen(true)] out Inode? inode, out Errno error)
    {
        if (!TryCreateUnnamed(node, out inode, out error)) return false;
        Add(name, inode);
        return true;
    }

    /// <summary>Makes a file with given contents, for archives.</summary>
    internal bool TryCreateFile(
        ReadOnlySpan<byte> name, in NewNode node, PageFiller? contents, [NotNullWhen(true)] out Inode? inode,
        out Errno error)
    {
        if (!_filesystem.TryCreateFile(node, contents, out inode, out error)) return false;
        Add(name, inode);
        return true;
    }

    public override bool TryCreateUnnamed(in NewNode node, [NotNullWhen(true)] out Inode? inode, out Errno error)
    {
        if (!_filesystem.TryCreateInode(node, out inode, out error)) return false;
        FileFlags inherited = Flags & FileFlags.Inherited;
        if (inherited != FileFlags.None) inode.SetFlags(inherited);
        return true;
    }

    public override Errno Link(ReadOnlySpan<byte> name, Inode target)
    {
        if (!KernelObjects.MayCreateName()) return Errno.ENOMEM;
        if (!target.TryAddLink()) return Errno.ENOENT;
        _entries.Add(name, target);
        target.TouchChanged();
        TouchModified();
        return Errno.None;
    }

    public override Errno Unlink(ReadOnlySpan<byte> name, Inode victim)
    {
        _entries.Remove(name);
        TouchModified();
        victim.TouchChanged();
        victim.DropLinks();
        return Errno.None;
    }

    public override Errno RemoveDirectory(ReadOnlySpan<byte> name, Inode victim)
    {
        TmpfsDirectory directory = (TmpfsDirectory)victim;
        if (!directory.IsEmpty) return Errno.ENOTEMPTY;
        _entries.Remove(name);
        TouchModified();
        DropDirectory(directory);
        return Errno.None;
    }

    public override Errno Rename(
        ReadOnlySpan<byte> name, Inode moved, Inode newParent, ReadOnlySpan<byte> newName, Inode? replaced)
    {
        Errno error = Move(moved, (TmpfsDirectory)newParent, newName, replaced);
        if (error != Errno.None) return error;
        _entries.Remove(name);
        TouchModified();
        return Errno.None;
    }

    public override Errno RenameLeaving(
        ReadOnlySpan<byte> name, Inode moved, Inode newParent, ReadOnlySpan<byte> newName, Inode? replaced, Inode left)
    {
        Errno error = Move(moved, (TmpfsDirectory)newParent, newName, replaced);
        if (error != Errno.None) return error;
        _entries.Replace(name, left);
        TouchModified();
        return Errno.None;
    }

    // All but the old name.
    private Errno Move(Inode moved, TmpfsDirectory target, ReadOnlySpan<byte> newName, Inode? replaced)
    {
        if (replaced is TmpfsDirectory { IsEmpty: false }) return Errno.ENOTEMPTY;
        if (!KernelObjects.MayCreate()) return Errno.ENOMEM;

        // Nothing can fail any more.
        if (replaced is not null) target.Replace(newName, moved, replaced);
        else target._entries.Add(newName, moved);
        MoveParentLink(moved, this, target);
        moved.TouchChanged();
        target.TouchModified();
        return Errno.None;
    }

    public override Errno Exchange(
        ReadOnlySpan<byte> name, Inode inode, Inode otherParent, ReadOnlySpan<byte> otherName, Inode other)
    {
        TmpfsDirectory target = (TmpfsDirectory)otherParent;
        _entries.Replace(name, other);
        target._entries.Replace(otherName, inode);
        MoveParentLink(inode, this, target);
        MoveParentLink(other, target, this);
        inode.TouchChanged();
        other.TouchChanged();
        TouchModified();
        target.TouchModified();
        return Errno.None;
    }

    public override Errno ReadDirectory(ref long position, ref DirectorySink sink)
    {
        while (_entries.TryNext(position, out DirectoryEntry? entry))
        {
            if (!sink.TryAdd(entry.Name, entry.Inode.Number, entry.Inode.Type, entry.Cookie + 1)) break;
            position = entry.Cookie + 1;
        }

        return Errno.None;
    }

    /// <summary>While the whole file system goes: a directory whose turn comes later.</summary>
    internal TmpfsDirectory? NextToDrop { get; private set; }

    /// <summary>The whole file system goes: takes the name of each file; directories are put before what is
    /// left to do.
    /// </summary>
    internal void DropEntries(ref TmpfsDirectory? left)
    {
        long cookie = 0;
        while (_entries.TryNext(cookie, out DirectoryEntry? entry))
        {
            cookie = entry.Cookie + 1;
            if (entry.Inode is TmpfsDirectory directory)
            {
                directory.NextToDrop = left;
                left = directory;
            }
            else
            {
                entry.Inode.DropLinks();
            }
        }

        _entries.Clear();
        DropLinks(LinkCount);
    }

    protected override void Evict() => _filesystem.Account.UnchargeInode();

    private bool IsEmpty => _entries.Count == 0;

    private void Add(ReadOnlySpan<byte> name, Inode inode)
    {
        _entries.Add(name, inode);
        if (inode is TmpfsDirectory directory)
        {
            directory._parent = this;
            AddLinks(1);
        }

        TouchModified();
    }

    private void Replace(ReadOnlySpan<byte> name, Inode inode, Inode replaced)
    {
        _entries.Replace(name, inode);
        if (replaced.IsDirectory)
        {
            DropDirectory((TmpfsDirectory)replaced);
            return;
        }

        replaced.TouchChanged();
        replaced.DropLinks();
    }

    // Its name and its "." are links of its own, its ".." is one of ours.
    private void DropDirectory(TmpfsDirectory victim)
    {
        victim._parent = null;
        victim.TouchChanged();
        victim.DropLinks(2);
        DropLinks();
    }

    private static void MoveParentLink(Inode moved, TmpfsDirectory from, TmpfsDirectory to)
    {
        if (moved is not TmpfsDirectory directory || ReferenceEquals(from, to)) return;
        directory._parent = to;
        to.AddLinks(1);
        from.DropLinks();
    }
}
