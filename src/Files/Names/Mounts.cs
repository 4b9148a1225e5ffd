using System;
using System.Threading;

namespace Cashew.Files;

/// <summary>Crossing mounts, and the places where they hang.</summary>
/// <locking>Readers take none. The mounts of a place are an array that is replaced whole, by compare and
/// exchange: two namespaces, each with its own lock, may change the same place.</locking>
internal static class Mounts
{
    /// <summary>From a place to what is mounted there, and to what is mounted atop that.</summary>
    internal static PathLocation Descend(PathLocation location)
    {
        while (FindAt(location) is Mount mount) location = new PathLocation(mount, mount.Root);
        return location;
    }

    /// <summary>The dentry that all mounts of a whole file system have as their root.</summary>
    internal static Dentry RootOf(Filesystem filesystem)
        => filesystem.RootDentry ??= Dentry.Detached(filesystem.RootInode);

    /// <summary>A mount that is in no tree: for files that have no path, so that they have a location all the
    /// same.</summary>
    internal static Mount CreateInternal(Filesystem filesystem)
    {
        byte[] name = new ByteBuilder().AppendAscii(filesystem.Type.Name).ToArray();
        return new Mount(filesystem, RootOf(filesystem), name, default);
    }

    /// <summary>Hangs a mount on a place, whose pins it takes over.</summary>
    internal static void Attach(Mount mount, PathLocation pinned)
    {
        mount.Place = new MountPlace(pinned.Mount, pinned.Dentry);
        Mount[]? old;
        Mount[] mounts;
        do
        {
            old = pinned.Dentry.MountsHere;
            mounts = new Mount[(old?.Length ?? 0) + 1];
            old?.AsSpan().CopyTo(mounts);
            mounts[^1] = mount;
        }
        while (!pinned.Dentry.TryExchangeMounts(old, mounts));
    }

    /// <summary>Takes a mount from its place, and returns the place, whose pins are now the
    /// caller's.</summary>
    internal static PathLocation Detach(Mount mount)
    {
        MountPlace place = mount.Place!;
        Mount[]? old;
        Mount[]? rest;
        do
        {
            old = place.Point.MountsHere;
            rest = Without(old!, mount);
        }
        while (!place.Point.TryExchangeMounts(old, rest));

        mount.Place = null;
        return new PathLocation(place.Parent, place.Point);
    }

    private static Mount[]? Without(Mount[] mounts, Mount mount)
    {
        if (mounts.Length == 1) return null;

        Mount[] rest = new Mount[mounts.Length - 1];
        int at = 0;
        foreach (Mount other in mounts)
        {
            if (!ReferenceEquals(other, mount)) rest[at++] = other;
        }

        return rest;
    }

    /// <summary>What is mounted atop a mount, on its own root.</summary>
    internal static Mount? FindAtop(Mount mount) => FindAt(new PathLocation(mount, mount.Root));

    internal static Mount? FindAt(PathLocation location)
    {
        Mount[]? candidates = location.Dentry.MountsHere;
        if (candidates is null) return null;
        foreach (Mount candidate in candidates)
        {
            if (ReferenceEquals(candidate.Parent, location.Mount)) return candidate;
        }

        return null;
    }
}
