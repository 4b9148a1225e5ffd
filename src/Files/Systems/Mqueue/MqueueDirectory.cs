using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Memory;

namespace Cashew.Files.Systems;

/// <summary>The names of all message queues. There are no other files, and no directories.</summary>
internal sealed class MqueueDirectory : Inode
{
    // As in a tmpfs.
    private const int EntryBytes = 20;
    private const int OwnEntries = 2;

    private readonly MqueueFilesystem _filesystem;
    private readonly DirectoryIndex _entries = new();

    internal MqueueDirectory(MqueueFilesystem filesystem, ulong number, in NewNode node)
        : base(filesystem, number, node)
    {
        _filesystem = filesystem;
        AddLinks(1);
    }

    public override long LengthBytes => (_entries.Count + OwnEntries) * EntryBytes;

    public override bool TryLookup(ReadOnlySpan<byte> name, [NotNullWhen(true)] out Inode? inode, out Errno error)
    {
        error = _entries.TryFind(name, out inode) ? Errno.None : Errno.ENOENT;
        return inode is not null;
    }

    /// <summary>Whoever makes a file by other means than mq_open(3) gets a queue of the usual kind.</summary>
    /// <errors>EPERM: no regular file. And those of <see cref="TryCreateQueue"/>.</errors>
    public override bool TryCreate(
        ReadOnlySpan<byte> name, in NewNode node, [NotNullWhen(true)] out Inode? inode, out Errno error)
    {
        inode = null;
        error = Errno.EPERM;
        if (node.Type != InodeType.Regular) return false;
        return TryCreateQueue(name, node, MqueueShape.Default, out inode, out error);
    }

    /// <errors>ENOSPC: queues_max. EINVAL: a shape that may not be. EMFILE: RLIMIT_MSGQUEUE. ENOMEM.</errors>
    /// <locking>Our lock is held.</locking>
    internal bool TryCreateQueue(
        ReadOnlySpan<byte> name, in NewNode node, MqueueShape shape, [NotNullWhen(true)] out Inode? inode, out Errno error)
    {
        if (!_filesystem.TryCreateQueue(node, shape, out inode, out error)) return false;
        _entries.Add(name, inode);
        TouchModified();
        return true;
    }

    public override Errno Unlink(ReadOnlySpan<byte> name, Inode victim)
    {
        _entries.Remove(name);
        TouchModified();
        victim.TouchChanged();
        victim.DropLinks();
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
}
