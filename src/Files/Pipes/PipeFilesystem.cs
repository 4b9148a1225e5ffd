using System.Threading;
using Cashew.Abi;

namespace Cashew.Files;

/// <summary>Where the inodes of pipes come from; fstat(2) on a pipe shows its device. Nobody can mount
/// it.</summary>
internal sealed class PipeFilesystem : Filesystem
{
    private static readonly PipeFilesystem s_instance = new();
    private static long s_lastNumber;

    private readonly PipeInode _root;

    private PipeFilesystem()
        : base(new InternalFilesystemType("pipefs"))
    {
        _root = new PipeInode(this, 0, new NewNode(Mode.S_IFDIR, 0, 0));
    }

    public override Inode RootInode => _root;

    public override void GetStatistics(out Statfs statistics)
    {
        statistics = default;
        statistics.f_type = FilesystemMagic.PIPEFS_MAGIC;
        statistics.f_bsize = BlockBytes;
        statistics.f_frsize = BlockBytes;
    }

    internal static PipeInode CreateInode(Credentials credentials)
    {
        const uint mode = Mode.S_IFIFO | Mode.S_IRUSR | Mode.S_IWUSR;
        ulong number = (ulong)Interlocked.Increment(ref s_lastNumber);
        return new PipeInode(s_instance, number, new NewNode(mode, credentials.Fsuid, credentials.Fsgid));
    }

    internal sealed class PipeInode(Filesystem filesystem, ulong number, in NewNode node)
        : Inode(filesystem, number, node)
    {
        // Opened again through /proc/PID/fd, it behaves as a FIFO.
        internal override Pipe? Fifo { get; set; }
    }
}
