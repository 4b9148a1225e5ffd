using System;
using System.Diagnostics.CodeAnalysis;

namespace Cashew.Files.Systems;

/// <summary>The files of an archive that may turn up again under another name.</summary>
/// <remarks>Not a Dictionary: an archive can have any number of them, and its arrays would become larger than
/// one object of the kernel may be. Here chains get longer instead.</remarks>
/// <source>initramfs buffer format, "Handling of hard links".</source>
internal sealed class LinkTable
{
    private const int FewestBuckets = 256;
    private const int MostBuckets = 64 * 1024;

    private Link?[] _buckets = [];
    private int _count;

    private sealed class Link(LinkKey key, Inode inode)
    {
        internal LinkKey Key { get; } = key;
        internal Inode Inode { get; set; } = inode;
        internal Link? Next { get; set; }
    }

    /// <summary>A file of this type; one that has lost all its names meanwhile does not count.</summary>
    internal bool TryFind(in CpioHeader header, [NotNullWhen(true)] out Inode? inode)
    {
        inode = Find(header.Link)?.Inode;
        if (inode is null || inode.LinkCount == 0 || inode.Type != header.Type) inode = null;
        return inode is not null;
    }

    internal void Add(LinkKey key, Inode inode)
    {
        if (Find(key) is Link known)
        {
            known.Inode = inode;
            return;
        }

        if (_count++ == _buckets.Length && _count <= MostBuckets) Grow();
        Insert(new Link(key, inode));
    }

    /// <summary>An archive is over: the numbers of the next one mean other files.</summary>
    internal void Clear()
    {
        _buckets = [];
        _count = 0;
    }

    private Link? Find(LinkKey key)
    {
        if (_count == 0) return null;
        Link? link = BucketFor(key);
        while (link is not null && !link.Key.Equals(key)) link = link.Next;
        return link;
    }

    private void Grow()
    {
        Link?[] old = _buckets;
        _buckets = new Link?[Math.Max(FewestBuckets, old.Length * 4)];
        foreach (Link? first in old)
        {
            Link? next;
            for (Link? link = first; link is not null; link = next)
            {
                next = link.Next;
                Insert(link);
            }
        }
    }

    private void Insert(Link link)
    {
        ref Link? bucket = ref BucketFor(link.Key);
        link.Next = bucket;
        bucket = link;
    }

    private ref Link? BucketFor(LinkKey key) => ref _buckets[key.GetHashCode() & (_buckets.Length - 1)];
}
