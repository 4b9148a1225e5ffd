using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Files.Systems;

/// <summary>A file system whose files are the kernel's own figures and switches. Parts of the kernel add
/// theirs at boot.</summary>
public abstract class GeneratedFilesystem : Filesystem
{
    private readonly long _magic;
    private long _lastNumber;

    /// <param name="type">Its kind.</param>
    /// <param name="magic">What statfs(2) calls it.</param>
    protected GeneratedFilesystem(FilesystemType type, long magic)
        : base(type)
    {
        _magic = magic;
    }

    public sealed override Inode RootInode => Root;

    /// <summary>The length that stat(2) shows of a file.</summary>
    public virtual long ShownLengthBytes => 0;

    /// <summary>Files are exceptional to poll(2) as long as they have not been read.</summary>
    public virtual bool TellsUnread => false;

    /// <summary>Owners and permissions can be changed.</summary>
    public virtual bool HasOwners => false;

    protected abstract GeneratedDirectory Root { get; }

    public override void GetStatistics(out Statfs statistics)
    {
        statistics = default;
        statistics.f_type = _magic;
        statistics.f_bsize = UserAddress.PageSizeBytes;
        statistics.f_frsize = UserAddress.PageSizeBytes;
    }

    /// <summary>Adds a file that root owns, and the directories on the way to it.</summary>
    /// <param name="path">Relative to the root of the file system.</param>
    /// <param name="permissions">See <see cref="GeneratedMode"/>.</param>
    /// <param name="contents">What it says.</param>
    public void AddFile(ReadOnlySpan<byte> path, uint permissions, FileContents contents)
    {
        GeneratedDirectory parent = MakeParent(ref path);
        NewNode node = new(Mode.S_IFREG | permissions, 0, 0);
        parent.Add(path, new GeneratedFile(this, NextNumber(), node, contents) { HasReadiness = true });
    }

    /// <summary>Adds a file with a small text.</summary>
    public void AddText(ReadOnlySpan<byte> path, Action<ByteBuilder> writer)
        => AddFile(path, GeneratedMode.ReadOnly, new SimpleText(writer));

    public void AddLink(ReadOnlySpan<byte> path, ReadOnlySpan<byte> target)
    {
        GeneratedDirectory parent = MakeParent(ref path);
        parent.Add(path, new GeneratedLink(this, NextNumber(), LinkNode, target));
    }

    /// <summary>Adds a directory, and those on the way to it, unless they are there.</summary>
    public void AddDirectory(ReadOnlySpan<byte> path)
    {
        GeneratedDirectory parent = MakeParent(ref path);
        _ = MakeDirectory(parent, path);
    }

    /// <summary>Makes a mount of the kernel's own: the last of the others to go does not end the file
    /// system.</summary>
    protected void Keep() => _ = Mounts.CreateInternal(this);

    protected NewNode DirectoryNode => new(Mode.S_IFDIR | DirectoryPermissions, 0, 0);

    protected virtual uint DirectoryPermissions => GeneratedMode.Directory;

    protected static NewNode LinkNode => new(Mode.S_IFLNK | GeneratedMode.Link, 0, 0);

    protected ulong NextNumber() => (ulong)Interlocked.Increment(ref _lastNumber);

    /// <summary>Leaves the last component in the path.</summary>
    private GeneratedDirectory MakeParent(ref ReadOnlySpan<byte> path)
    {
        GeneratedDirectory parent = Root;
        for (int slash = path.IndexOf((byte)'/'); slash >= 0; slash = path.IndexOf((byte)'/'))
        {
            parent = MakeDirectory(parent, path[..slash]);
            path = path[(slash + 1)..];
        }

        return parent;
    }

    private GeneratedDirectory MakeDirectory(GeneratedDirectory parent, ReadOnlySpan<byte> name)
    {
        if (parent.TryFindLasting(name, out Inode? existing)) return (GeneratedDirectory)existing;
        GeneratedDirectory created = new(this, NextNumber(), DirectoryNode);
        parent.Add(name, created);
        return created;
    }
}
