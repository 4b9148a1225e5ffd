using System;
using Cashew.Abi;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>The namespaces: one of each kind, which all processes are in, and of mounts any number.</summary>
/// <source>namespaces(7); the numbers are those that Linux gives the ones it starts with.</source>
public static class Namespaces
{
    /// <summary>The one namespace of users, which all others belong to.</summary>
    public static readonly NamespaceInode OfUsers = new(UserNumber, "user"u8, CloneBits.CLONE_NEWUSER);

    /// <summary>The names in /proc/PID/ns, in Linux's order.</summary>
    internal static readonly Entry[] All = CreateAll();

    private const uint UserNumber = 0xEFFF_FFFD;
    private const uint PidNumber = 0xEFFF_FFFC;
    private const uint TimeNumber = 0xEFFF_FFFA;

    private static Entry[] CreateAll()
    {
        NamespaceInode pid = new(PidNumber, "pid"u8, CloneBits.CLONE_NEWPID);
        NamespaceInode time = new(TimeNumber, "time"u8, CloneBits.CLONE_NEWTIME);
        return
        [
            new Entry("cgroup"u8, new NamespaceInode(0xEFFF_FFFB, "cgroup"u8, CloneBits.CLONE_NEWCGROUP)),
            new Entry("ipc"u8, new NamespaceInode(0xEFFF_FFFF, "ipc"u8, CloneBits.CLONE_NEWIPC)),
            new Entry("mnt"u8, null),
            new Entry("net"u8, new NamespaceInode(0xF000_0000, "net"u8, CloneBits.CLONE_NEWNET)),
            new Entry("pid"u8, pid),
            new Entry("pid_for_children"u8, pid),
            new Entry("time"u8, time),
            new Entry("time_for_children"u8, time),
            new Entry("user"u8, OfUsers),
            new Entry("uts"u8, new NamespaceInode(0xEFFF_FFFE, "uts"u8, CloneBits.CLONE_NEWUTS)),
        ];
    }

    /// <summary>A name in /proc/PID/ns, and what it leads to.</summary>
    /// <param name="inode">Null of mounts: each process has its own.</param>
    internal sealed class Entry(ReadOnlySpan<byte> name, NamespaceInode? inode)
    {
        private readonly byte[] _name = name.ToArray();
        private readonly NamespaceInode? _inode = inode;

        internal ReadOnlySpan<byte> Name => _name;

        /// <summary>Null: the process has gone from it already.</summary>
        internal NamespaceInode? InodeOf(Subject subject)
            => _inode ?? subject.Thread?.FilesystemOrNone?.Namespace.Inode;
    }
}
