using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <summary>What stands for a namespace of mounts, and counts who uses it: the contexts of processes, open
/// files and mounts of this inode are its users, and with the last one the namespace ends.</summary>
public sealed class MountNamespaceInode : NamespaceInode
{
    internal MountNamespaceInode(uint number, MountNamespace mounts)
        : base(number, "mnt"u8, CloneBits.CLONE_NEWNS)
        => Mounts = mounts;

    public MountNamespace Mounts { get; }

    public override void GetStat(out Stat stat)
    {
        base.GetStat(out stat);

        // Its one name is not counted: it would keep it.
        stat.st_nlink = 1;
    }

    protected override void Evict() => Mounts.End();
}
