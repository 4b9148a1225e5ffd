using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <summary>A directory of generated files: some that are always there, and, in some directories, others that
/// come and go.</summary>
public class GeneratedDirectory : GeneratedInode
{
    /// <summary>Positions from here on belong to the entries that come and go.</summary>
    protected const long FirstChanging = 1 << 16;

    private readonly DirectoryIndex _lasting = new();

    public GeneratedDirectory(GeneratedFilesystem filesystem, ulong number, in NewNode node)
        : base(filesystem, number, node)
    {
        AddLinks(1);
    }

    /// <summary>Adds an entry for good. At boot, before the file system is mounted.</summary>
    public void Add(ReadOnlySpan<byte> name, Inode inode)
    {
        _lasting.Add(name, inode);
        if (inode.IsDirectory) AddLinks(1);
    }

    internal bool TryFindLasting(ReadOnlySpan<byte> name, [NotNullWhen(true)] out Inode? inode)
        => _lasting.TryFind(name, out inode);

    public sealed override bool TryLookup(
        ReadOnlySpan<byte> name, [NotNullWhen(true)] out Inode? inode, out Errno error)
    {
        error = Errno.None;
        if (_lasting.TryFind(name, out inode) || TryFindChanging(name, out inode)) return true;
        error = Errno.ENOENT;
        return false;
    }

    public sealed override Errno ReadDirectory(ref long position, ref DirectorySink sink)
    {
        while (position < FirstChanging && _lasting.TryNext(position, out DirectoryEntry? entry))
        {
            long next = entry.Cookie + 1;
            if (!sink.TryAdd(entry.Name, entry.Inode.Number, entry.Inode.Type, next)) return Errno.None;
            position = next;
        }

        return ListChanging(ref position, ref sink);
    }

    /// <summary>An entry that is there at the moment.</summary>
    protected virtual bool TryFindChanging(ReadOnlySpan<byte> name, [NotNullWhen(true)] out Inode? inode)
    {
        inode = null;
        return false;
    }

    /// <summary>Hands on the entries that are there at the moment, with positions from
    /// <see cref="FirstChanging"/> on.</summary>
    /// <errors>ENOENT: what the directory is about is gone.</errors>
    protected virtual Errno ListChanging(ref long position, ref DirectorySink sink) => Errno.None;
}
