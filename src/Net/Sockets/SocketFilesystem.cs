using System.Threading;
using Cashew.Abi;
using Cashew.Files;

namespace Cashew.Net;

/// <summary>Where the inodes of sockets come from; fstat(2) on a socket shows its device. Nobody can mount
/// it.</summary>
internal sealed class SocketFilesystem : Filesystem
{
    private static readonly SocketFilesystem s_instance = new();
    private static long s_lastNumber;

    private readonly SocketInode _root;

    private SocketFilesystem()
        : base(new InternalFilesystemType("sockfs"))
    {
        _root = new SocketInode(this, 0, new NewNode(Mode.S_IFDIR, 0, 0));
    }

    public override Inode RootInode => _root;

    public override void GetStatistics(out Statfs statistics)
    {
        statistics = default;
        statistics.f_type = FilesystemMagic.SOCKFS_MAGIC;
        statistics.f_bsize = BlockBytes;
        statistics.f_frsize = BlockBytes;
    }

    /// <summary>A new inode with one user, for the socket's open file.</summary>
    internal static Inode CreateInode(uint uid, uint gid)
    {
        const uint mode = Mode.S_IFSOCK | Mode.S_IRWXU | Mode.S_IRWXG | Mode.S_IRWXO;
        ulong number = (ulong)Interlocked.Increment(ref s_lastNumber);
        SocketInode inode = new(s_instance, number, new NewNode(mode, uid, gid));

        // It has a link of its own that nobody drops; it is the collector's when the socket is closed.
        bool isAlive = inode.TryAddUser();
        System.Diagnostics.Debug.Assert(isAlive);
        return inode;
    }

    private sealed class SocketInode(Filesystem filesystem, ulong number, in NewNode node)
        : Inode(filesystem, number, node)
    {
    }
}
