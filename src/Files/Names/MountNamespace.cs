using System;
using System.Collections.Generic;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>A tree of mounts. There is one; containers will have others.</summary>
/// <locking>A sleeping lock for all changes; walkers read without it (see <see cref="Mount"/>).</locking>
public sealed partial class MountNamespace
{
    private readonly SleepLock _lock = new(LockRank.MountTree);

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

    /// <summary>The mount that everything else hangs below.</summary>
    public Mount Root { get; }

    /// <summary>The place that "/" is to begin with; not pinned.</summary>
    public PathLocation RootLocation => Mounts.Descend(new PathLocation(Root, Root.Root));

    /// <summary>A copy of the list, to be shown.</summary>
    public Mount[] List()
    {
        using SleepLock.Guard guard = _lock.Acquire();
        return _all.ToArray();
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
