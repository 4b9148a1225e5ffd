using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files;

/// <summary>From a path to what it names.</summary>
/// <remarks>A walk holds on to nothing on its way, so it can find at the end that the cache has dropped what
/// it found, or that the mount is gone. That is ESTALE inside this room, never outside: the walk starts
/// again, and each round means that another task has got somewhere.</remarks>
/// <errors>
/// EACCES: a directory on the way may not be searched. ELOOP: more than 40 links. ENAMETOOLONG: a component
/// longer than 255 bytes, or a path longer than 4095. ENOENT: a component, or the text of a link, is missing;
/// the path is empty. ENOTDIR: a component on the way, or the last one before a slash, is no directory.
/// </errors>
/// <source>path_resolution(7).</source>
public static class PathWalk
{
    /// <summary>The file at a path, for operations on the file itself: no pins, the collector keeps the
    /// objects.</summary>
    /// <param name="start">Where a relative path begins; none for the working directory.</param>
    public static bool TryFindInode(
        in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path, WalkFlags flags,
        [NotNullWhen(true)] out Mount? mount, [NotNullWhen(true)] out Inode? inode, out Errno error)
    {
        error = Resolve(caller, start, path, flags, pins: false, out PathLocation found);
        if (error == Errno.None) found.Mount.NoteUse();
        mount = error == Errno.None ? found.Mount : null;
        inode = error == Errno.None ? found.Inode : null;
        return error == Errno.None;
    }

    /// <summary>The place at a path, pinned: the caller unpins it.</summary>
    /// <inheritdoc cref="TryFindInode"/>
    public static bool TryFind(
        in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path, WalkFlags flags, out PathLocation found,
        out Errno error)
    {
        error = Resolve(caller, start, path, flags, pins: true, out found);
        return error == Errno.None;
    }

    /// <summary>The place at a path without pins, for who wants it unused: umount2(2).</summary>
    /// <inheritdoc cref="TryFindInode"/>
    public static bool TryLocate(
        in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path, WalkFlags flags, out PathLocation found,
        out Errno error)
    {
        error = Resolve(caller, start, path, flags, pins: false, out found);
        return error == Errno.None;
    }

    /// <summary>The directory of the last component, pinned, and that component. The caller disposes of the
    /// result.
    /// </summary>
    internal static bool TryFindParent(
        in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path, out LastName last, out Errno error)
    {
        last = default;
        if (path.IsEmpty) error = Errno.ENOENT;
        else if (path.Length > NameRules.MaxPathBytes) error = Errno.ENAMETOOLONG;
        else error = Errno.ESTALE;

        while (error == Errno.ESTALE)
        {
            PathWalker walker = new(caller, start, path, stopsAtParent: true, followsLast: false);
            error = walker.Walk();
            if (error != Errno.None) continue;
            if (walker.At.TryPin()) last = new LastName(walker);
            else error = Errno.ESTALE;
        }

        return error == Errno.None;
    }

    private static Errno Resolve(
        in FileCaller caller, PathLocation start, ReadOnlySpan<byte> path, WalkFlags flags, bool pins,
        out PathLocation found)
    {
        found = default;
        if (path.IsEmpty && (flags & WalkFlags.AllowEmpty) == 0) return Errno.ENOENT;
        if (path.Length > NameRules.MaxPathBytes) return Errno.ENAMETOOLONG;

        Errno error;
        do
        {
            bool follows = (flags & WalkFlags.FollowLast) != 0;
            PathWalker walker = new(caller, start, path, stopsAtParent: false, follows);
            error = walker.Walk();
            if (error != Errno.None) continue;
            if ((flags & WalkFlags.Directory) != 0 && !walker.Inode.IsDirectory) return Errno.ENOTDIR;

            found = walker.At;
            if (pins && !found.TryPin()) error = Errno.ESTALE;
        }
        while (error == Errno.ESTALE);

        return error;
    }
}
