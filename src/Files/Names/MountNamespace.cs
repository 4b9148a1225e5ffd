using System;
using System.Collections.Generic;
using System.Threading;
using Cashew.Abi;
using Cashew.Files.Systems;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>A tree of mounts: the one that processes live in, or one that only descriptors lead to.</summary>
/// <locking>One sleeping lock for the changes of all trees, since peers are in any of them; walkers read
/// without it (see <see cref="Mount"/>).</locking>
public sealed partial class MountNamespace
{
    private static readonly SleepLock s_lock = new(LockRank.MountTree);

    // In the order of mounting, which is the order of /proc/mounts.
    private readonly List<Mount> _all = [];
    private long _version;

    /// <summary>Mounts the root file system. This namespace does not end.</summary>
    public MountNamespace(Filesystem filesystem, ReadOnlySpan<byte> source)
    {
        Inode = new MountNamespaceInode(FirstNumber, this);
        Root = new Mount(filesystem, Mounts.RootOf(filesystem), source, MountOptions.RelativeAccessTimes)
        {
            Namespace = this,
        };
        _all.Add(Root);
    }

    /// <summary>A tree that hangs nowhere yet.</summary>
    private MountNamespace(List<Mount> mounts)
    {
        Root = mounts[0];
        IsDetached = true;
        AddLocked(mounts);
    }

    /// <summary>The mount that everything else hangs below.</summary>
    public Mount Root { get; }

    /// <summary>What stands for it in /proc/PID/ns; null of a tree that only descriptors lead to.</summary>
    public MountNamespaceInode? Inode { get; }

    /// <summary>Who waits for mounts to come, go or change.</summary>
    public WaitQueue Changes { get; } = new();

    /// <summary>Grows with each such change.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Only descriptors lead to it (open_tree(2), fsmount(2)); what happens at peers does not reach
    /// it.</summary>
    internal bool IsDetached { get; }

    /// <summary>The place that "/" is to begin with; not pinned.</summary>
    public PathLocation RootLocation => Mounts.Descend(new PathLocation(Root, Root.Root));

    /// <summary>A copy of the list, to be shown.</summary>
    public Mount[] List()
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        return _all.ToArray();
    }

    /// <summary>Whether something is mounted on this entry, in any mount of this tree: here it may not be
    /// removed or renamed.</summary>
    /// <source>unlink(2), rmdir(2), rename(2), EBUSY; mount_namespaces(7), "Restrictions on mount
    /// namespaces".</source>
    internal bool HasMountOn(Dentry dentry)
    {
        foreach (Mount mount in dentry.MountsHere ?? [])
        {
            if (Has(mount)) return true;
        }

        return false;
    }

    private void NoteChangeLocked()
    {
        Volatile.Write(ref _version, _version + 1);
        Changes.Wake(PollBits.POLLPRI | PollBits.POLLERR);
    }

    private bool Has(Mount mount) => ReferenceEquals(mount.Namespace, this);

    private void AddLocked(List<Mount> mounts)
    {
        foreach (Mount mount in mounts)
        {
            mount.Namespace = this;
            _all.Add(mount);
        }

        NoteChangeLocked();
    }

    private bool HasChildrenLocked(Mount mount)
    {
        foreach (Mount other in _all)
        {
            if (ReferenceEquals(other.Parent, mount)) return true;
        }

        return false;
    }

    private static bool IsBelow(Mount mount, Mount top)
    {
        for (Mount? at = mount; at is not null; at = at.Parent)
        {
            if (ReferenceEquals(at, top)) return true;
        }

        return false;
    }
}
