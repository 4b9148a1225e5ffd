using System;
using System.Collections.Generic;
using Cashew.Abi;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>The tree of mounts.</summary>
/// <locking>One sleeping lock for all changes; walkers read without it (see <see cref="Mount"/>).</locking>
public static partial class Mounts
{
    private static readonly SleepLock s_lock = new(LockRank.MountTree);

    // In the order of mounting, which is the order of /proc/mounts.
    private static readonly List<Mount> s_all = [];

    /// <summary>The mount everything else hangs below.</summary>
    public static Mount? Root { get; private set; }

    /// <summary>Makes the first mount, that of the root file system.</summary>
    public static PathLocation MountRoot(Filesystem filesystem, ReadOnlySpan<byte> source)
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        Mount mount = new(filesystem, RootOf(filesystem), source, MountOptions.RelativeAccessTimes);
        s_all.Add(mount);
        Root = mount;
        return new PathLocation(mount, mount.Root);
    }

    /// <summary>A mount that is in no tree: for files that have no path, so that they have a location all the same.</summary>
    internal static Mount CreateInternal(Filesystem filesystem) => new(filesystem, RootOf(filesystem), default, default);

    /// <summary>A copy of the list, to be shown.</summary>
    public static Mount[] List()
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        return s_all.ToArray();
    }

    /// <summary>From a place to what is mounted there, and to what is mounted atop that.</summary>
    internal static PathLocation Descend(PathLocation location)
    {
        while (FindAt(location) is Mount mount) location = new PathLocation(mount, mount.Root);
        return location;
    }

    /// <summary>Whether something is mounted on this very entry, in any mount: it may not be removed or renamed.</summary>
    internal static bool IsMountPoint(Dentry dentry) => dentry.MountsHere is not null;

    private static Mount? FindAt(PathLocation location)
    {
        Mount[]? candidates = location.Dentry.MountsHere;
        if (candidates is null) return null;
        foreach (Mount candidate in candidates)
        {
            if (ReferenceEquals(candidate.Parent, location.Mount)) return candidate;
        }

        return null;
    }

    private static Dentry RootOf(Filesystem filesystem)
        => filesystem.RootDentry ??= Dentry.Detached(filesystem.RootInode);

    // ---- attaching and detaching ------------------------------------------------------------------------------------

    /// <summary>Hangs a mount on a place, whose pins it takes over.</summary>
    private static void AttachLocked(Mount mount, PathLocation pinned)
    {
        mount.Place = new MountPlace(pinned.Mount, pinned.Dentry);
        Mount[] old = pinned.Dentry.MountsHere ?? [];
        Mount[] mounts = new Mount[old.Length + 1];
        old.AsSpan().CopyTo(mounts);
        mounts[^1] = mount;
        pinned.Dentry.MountsHere = mounts;
    }

    /// <summary>Takes a mount from its place, and returns the place, whose pins are now the caller's.</summary>
    private static PathLocation DetachLocked(Mount mount)
    {
        MountPlace place = mount.Place!;
        Mount[] old = place.Point.MountsHere!;
        Mount[]? rest = null;
        if (old.Length > 1)
        {
            rest = new Mount[old.Length - 1];
            int index = Array.IndexOf(old, mount);
            old.AsSpan(0, index).CopyTo(rest);
            old.AsSpan(index + 1).CopyTo(rest.AsSpan(index));
        }

        place.Point.MountsHere = rest;
        mount.Place = null;
        return new PathLocation(place.Parent, place.Point);
    }

    private static bool HasChildrenLocked(Mount mount)
    {
        foreach (Mount other in s_all)
        {
            if (ReferenceEquals(other.Parent, mount)) return true;
        }

        return false;
    }

    private static bool IsBelowLocked(Mount mount, Mount top)
    {
        for (Mount? at = mount; at is not null; at = at.Parent)
        {
            if (ReferenceEquals(at, top)) return true;
        }

        return false;
    }
}
