using System;
using Cashew.Abi;
using Cashew.Files;

namespace Cashew.Processes;

/// <summary>The namespaces: one of each kind, which all processes are in.</summary>
/// <source>namespaces(7); the numbers are those that Linux gives the ones it starts with.</source>
internal sealed class Namespaces : Filesystem
{
    /// <summary>The names in /proc/PID/ns, in Linux's order.</summary>
    internal static readonly Entry[] All = new Namespaces().CreateAll();

    private const uint UserNumber = 0xEFFF_FFFD;
    private const uint PidNumber = 0xEFFF_FFFC;
    private const uint TimeNumber = 0xEFFF_FFFA;

    private readonly Inode _root;

    private Namespaces()
        : base(new InternalFilesystemType("nsfs"))
        => _root = new RootOfNone(this);

    public override Inode RootInode => _root;

    public override void GetStatistics(out Statfs statistics)
    {
        statistics = default;
        statistics.f_type = FilesystemMagic.NSFS_MAGIC;
        statistics.f_bsize = BlockBytes;
        statistics.f_frsize = BlockBytes;
    }

    private Entry[] CreateAll()
    {
        NamespaceInode pid = new(this, PidNumber, "pid"u8, CloneBits.CLONE_NEWPID);
        NamespaceInode time = new(this, TimeNumber, "time"u8, CloneBits.CLONE_NEWTIME);
        return
        [
            new Entry("cgroup"u8, new NamespaceInode(this, 0xEFFF_FFFB, "cgroup"u8, CloneBits.CLONE_NEWCGROUP)),
            new Entry("ipc"u8, new NamespaceInode(this, 0xEFFF_FFFF, "ipc"u8, CloneBits.CLONE_NEWIPC)),
            new Entry("mnt"u8, new NamespaceInode(this, 0xF000_0001, "mnt"u8, CloneBits.CLONE_NEWNS)),
            new Entry("net"u8, new NamespaceInode(this, 0xF000_0000, "net"u8, CloneBits.CLONE_NEWNET)),
            new Entry("pid"u8, pid),
            new Entry("pid_for_children"u8, pid),
            new Entry("time"u8, time),
            new Entry("time_for_children"u8, time),
            new Entry("user"u8, new NamespaceInode(this, UserNumber, "user"u8, CloneBits.CLONE_NEWUSER)),
            new Entry("uts"u8, new NamespaceInode(this, 0xEFFF_FFFE, "uts"u8, CloneBits.CLONE_NEWUTS)),
        ];
    }

    /// <summary>A name in /proc/PID/ns, and what it leads to.</summary>
    internal sealed class Entry(ReadOnlySpan<byte> name, NamespaceInode inode)
    {
        private readonly byte[] _name = name.ToArray();

        internal ReadOnlySpan<byte> Name => _name;

        internal NamespaceInode Inode { get; } = inode;
    }

    // Nobody can get there.
    private sealed class RootOfNone(Filesystem filesystem) : Inode(filesystem, 0, new NewNode(Abi.Mode.S_IFDIR, 0, 0));
}
