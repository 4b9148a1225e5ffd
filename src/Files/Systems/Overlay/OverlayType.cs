using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <summary>overlay: several directory trees shown as one, changes going to the uppermost.</summary>
/// <source>Linux's description of the overlay filesystem.</source>
/// <deviation>No layer may be in an overlay itself (EINVAL; Linux takes two levels). No redirects of
/// directories, no metadata-only copies.</deviation>
public sealed class OverlayType() : FilesystemType("overlay")
{
    // As many as Linux takes.
    private const int MostLayers = 500;

    public override bool TryMount(
        ReadOnlySpan<byte> source, ReadOnlySpan<byte> options, [NotNullWhen(true)] out Filesystem? filesystem,
        out Errno error)
    {
        // Whose paths they are is not known.
        filesystem = null;
        error = Errno.EINVAL;
        return false;
    }

    /// <errors>EINVAL: options that are not understood or do not go together; a layer that will not do.
    /// ENOENT and others of paths. ELOOP: a lower layer is, or is in, another layer. ENOMEM, ENOSPC: no place
    /// for what is being worked on.</errors>
    public override bool TryMount(
        in FileCaller caller, ReadOnlySpan<byte> source, ReadOnlySpan<byte> options,
        [NotNullWhen(true)] out Filesystem? filesystem, out Errno error)
    {
        filesystem = null;
        OverlayOptions parsed = new();
        error = parsed.Apply(options);
        if (error == Errno.None && parsed.Lower is null) error = Errno.EINVAL;
        if (error == Errno.None && parsed.Upper is not null && parsed.Work is null) error = Errno.EINVAL;
        if (error != Errno.None) return false;

        List<PathLocation> places = [];
        error = FindLayers(caller, parsed, places);
        if (error == Errno.None) error = OverlayFilesystem.TryCreate(this, parsed, places, out filesystem);
        if (filesystem is not null) return true;
        foreach (PathLocation place in places) place.Unpin();
        return false;
    }

    /// <summary>Upper and work, if there are any, and then the lower ones from the top down; all
    /// pinned.</summary>
    private static Errno FindLayers(in FileCaller caller, OverlayOptions options, List<PathLocation> places)
    {
        Errno error = Errno.None;
        if (options.Upper is not null)
        {
            error = Find(caller, options.Upper, places);
            if (error == Errno.None) error = Find(caller, options.Work, places);
            if (error == Errno.None) error = CheckWork(places[0], places[1]);
            if (error != Errno.None) return error;
        }

        List<byte[]> lower = options.SplitLower();
        if (lower.Count > MostLayers || (options.Upper is null && lower.Count == 1)) return Errno.EINVAL;
        foreach (byte[] path in lower)
        {
            error = Find(caller, path, places);
            if (error != Errno.None) return error;
        }

        return HaveLowersPlacesOfTheirOwn(places, lower.Count) ? Errno.None : Errno.ELOOP;
    }

    // The upper layer may lie in a lower one, and that is all.
    private static bool HaveLowersPlacesOfTheirOwn(List<PathLocation> places, int lowers)
    {
        for (int i = places.Count - lowers; i < places.Count; i++)
        {
            for (int other = 0; other < places.Count; other++)
            {
                if (other != i && DirectoryTree.IsBelow(places[i].Dentry, places[other].Dentry)) return false;
            }
        }

        return true;
    }

    private static Errno Find(in FileCaller caller, ReadOnlySpan<byte> path, List<PathLocation> places)
    {
        if (path.IsEmpty) return Errno.EINVAL;
        if (!PathWalk.TryFind(caller, default, path, WalkFlags.FollowLast, out PathLocation found, out Errno error))
        {
            return error;
        }

        places.Add(found);
        return !found.Inode.IsDirectory || found.Mount.Filesystem is OverlayFilesystem ? Errno.EINVAL : Errno.None;
    }

    // Both are on one mount, and neither is inside the other: files move from one to the other by a rename.
    private static Errno CheckWork(PathLocation upper, PathLocation work)
    {
        if (!ReferenceEquals(upper.Mount, work.Mount) || upper.Mount.IsReadOnly) return Errno.EINVAL;
        bool isNested = DirectoryTree.IsBelow(upper.Dentry, work.Dentry) || DirectoryTree.IsBelow(work.Dentry, upper.Dentry);
        return isNested || upper.Mount.Filesystem.AttributeBudget is null ? Errno.EINVAL : Errno.None;
    }
}
