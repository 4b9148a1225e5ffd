using System;
using System.Collections.Generic;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>A tree of mounts: the one that processes live in, or one that only descriptors lead to.</summary>
/// <locking>One sleeping lock for the changes of all trees, since peers are in any of them; walkers read without it (see
/// <see cref="Mount"/>).</locking>
public sealed partial class MountNamespace
{
    private static readonly SleepLock s_lock = new(LockRank.MountTree);

    // In the order of mounting, which is the order of /proc/mounts.
    private readonly List<Mount> _all = [];

    /// <summary>Mounts the root file system.</summary>
    public MountNamespace(Filesystem filesystem, ReadOnlySpan<byte> source)
    {
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

    /// <summary>Only descriptors lead to it (open_tree(2), fsmount(2)); what happens at peers does not reach it.</summary>
    internal bool IsDetached { get; }

    /// <summary>The place that "/" is to begin with; not pinned.</summary>
    public PathLocation RootLocation => Mounts.Descend(new PathLocation(Root, Root.Root));

    /// <summary>A copy of the list, to be shown.</summary>
    public Mount[] List()
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        return _all.ToArray();
    }

    private bool Has(Mount mount) => ReferenceEquals(mount.Namespace, this);

    private void AddLocked(List<Mount> mounts)
    {
        foreach (Mount mount in mounts)
        {
            mount.Namespace = this;
            _all.Add(mount);
        }
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

    /// <summary>A mount and all that hangs below it, parents first.</summary>
    private List<Mount> TreeOfLocked(Mount top)
    {
        List<Mount> tree = [top];
        foreach (Mount mount in _all)
        {
            if (!ReferenceEquals(mount, top) && IsBelow(mount, top)) tree.Add(mount);
        }

        return tree;
    }
}
