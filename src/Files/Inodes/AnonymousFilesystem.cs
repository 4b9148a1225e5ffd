using System.Diagnostics;
using Cashew.Abi;

namespace Cashew.Files;

/// <summary>One inode for all files that are nothing but a descriptor: epoll, eventfd and their like. Nobody
/// can mount it.</summary>
/// <source>proc_pid_fd(5): "anon_inode:&lt;file-type&gt;".</source>
public sealed class AnonymousFilesystem : Filesystem
{
    private static readonly AnonymousFilesystem s_instance = new();

    private readonly SharedInode _inode;

    private AnonymousFilesystem()
        : base(new InternalFilesystemType("anon_inodefs"))
    {
        // No type, as on Linux: such a file is of none that stat(2) knows.
        _inode = new SharedInode(this);
    }

    public override Inode RootInode => _inode;

    public override void GetStatistics(out Statfs statistics)
    {
        statistics = default;
        statistics.f_type = FilesystemMagic.ANON_INODE_FS_MAGIC;
        statistics.f_bsize = BlockBytes;
        statistics.f_frsize = BlockBytes;
    }

    /// <summary>The inode with one more user, for a new open file.</summary>
    public static Inode AddUser()
    {
        // Its own link, which nobody drops, keeps it.
        bool isAlive = s_instance._inode.TryAddUser();
        Debug.Assert(isAlive);
        return s_instance._inode;
    }

    private sealed class SharedInode(Filesystem filesystem)
        : Inode(filesystem, 1, new NewNode(Abi.Mode.S_IRUSR | Abi.Mode.S_IWUSR, 0, 0))
    {
        /// <summary>Who has one such file does not own the others.</summary>
        public override Errno SetAttributes(in AttributeChange change) => Errno.EOPNOTSUPP;
    }
}
