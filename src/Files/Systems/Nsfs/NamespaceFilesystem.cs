using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <summary>The files that stand for namespaces: links in /proc lead to them, and they can be mounted on a
/// file, but the file system as a whole cannot be mounted.</summary>
/// <source>namespaces(7).</source>
public sealed class NamespaceFilesystem : Filesystem
{
    private readonly Inode _root;

    private NamespaceFilesystem()
        : base(new InternalFilesystemType("nsfs"))
        => _root = new RootOfNone(this);

    public static NamespaceFilesystem Instance { get; } = new();

    public override Inode RootInode => _root;

    public override void GetStatistics(out Statfs statistics)
    {
        statistics = default;
        statistics.f_type = FilesystemMagic.NSFS_MAGIC;
        statistics.f_bsize = BlockBytes;
        statistics.f_frsize = BlockBytes;
    }

    // Nobody can get there.
    private sealed class RootOfNone(Filesystem filesystem) : Inode(filesystem, 0, new NewNode(Abi.Mode.S_IFDIR, 0, 0));
}
