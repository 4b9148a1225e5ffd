using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Cashew.Abi;
using Cashew.Tasks;

namespace Cashew.Files.Systems;

/// <summary>Where an overlay makes what it then moves to its place by a rename, so that nothing half-made is
/// seen: the directory "work" in the one that the mount names.</summary>
/// <locking>The rename lock of the layer's file system, then this directory's and the target's, as
/// <see cref="UpperTree"/> orders them.</locking>
internal sealed class OverlayWork(Inode directory)
{
    private readonly Inode _directory = directory;
    private int _lastName;

    /// <summary>Makes the directory, or empties the one that another mount has left.</summary>
    internal static Errno TryPrepare(Inode parent, out OverlayWork? work)
    {
        work = null;
        using SleepLock.Guard guard = parent.Lock!.Acquire();
        if (!parent.TryLookup("work"u8, out Inode? found, out Errno error))
        {
            if (error != Errno.ENOENT) return error;
            if (!parent.TryCreate("work"u8, new NewNode(Mode.S_IFDIR, 0, 0), out found, out error)) return error;
            LayerNames.Forget(parent, "work"u8);
        }

        if (!found.IsDirectory) return Errno.EINVAL;
        work = new OverlayWork(found);
        using SleepLock.Guard inner = found.Lock!.AcquireNested(found.Filesystem.NestedRank);
        return RemoveEntries(found, onlyWhiteouts: false);
    }

    /// <summary>Makes a file that only this overlay knows.</summary>
    internal bool TryCreate(in NewNode node, out OverlayTemporary made, out Errno error)
    {
        made = default;
        byte[] name = NextName();
        using SleepLock.Guard guard = _directory.Lock!.Acquire();
        error = UpperTree.CheckName(_directory, name, null);
        if (error != Errno.None || !_directory.TryCreate(name, node, out Inode? inode, out error)) return false;
        made = new OverlayTemporary(name, inode);
        return true;
    }

    /// <summary>Makes another name of a file of the upper layer.</summary>
    internal Errno Link(Inode target, out OverlayTemporary made)
    {
        made = new OverlayTemporary(NextName(), target);
        using SleepLock.Guard guard = _directory.Lock!.Acquire();
        Errno error = UpperTree.CheckName(_directory, made.Name, null);
        return error == Errno.None ? _directory.Link(made.Name, target) : error;
    }

    /// <summary>Gives up what has been made.</summary>
    internal void Remove(in OverlayTemporary made)
    {
        using SleepLock.Guard guard = _directory.Lock!.Acquire();
        if (UpperTree.CheckName(_directory, made.Name, made.Inode) != Errno.None) return; // somebody else's by now
        if (!made.Inode.IsDirectory)
        {
            _ = _directory.Unlink(made.Name, made.Inode); // it is our own: nothing forbids it
            return;
        }

        using SleepLock.Guard victim = made.Inode.Lock!.AcquireNested(made.Inode.Filesystem.VictimRank);
        _ = _directory.RemoveDirectory(made.Name, made.Inode); // likewise, and it is empty
    }

    /// <summary>Moves what has been made to its place in the upper layer, where it replaces what is
    /// there.</summary>
    /// <param name="replaced">A directory is empty but for whiteouts, which go with it.</param>
    /// <errors>EIO: what is where in the layer is not as the overlay has left it.</errors>
    internal Errno Place(in OverlayTemporary made, Inode target, ReadOnlySpan<byte> name, Inode? replaced)
    {
        using SleepLock.Guard rename = target.Filesystem.RenameLock.Acquire();
        if (UpperTree.IsBelow(target, made.Inode) || UpperTree.IsBelow(_directory, replaced)) return Errno.EIO;
        if (ReferenceEquals(target, _directory)) return Errno.EIO;
        using SleepLock.Guard first = UpperTree.FirstOf(_directory, target).Lock!.Acquire();
        using SleepLock.Guard second
            = UpperTree.SecondOf(_directory, target).Lock!.AcquireNested(target.Filesystem.NestedRank);
        Errno error = UpperTree.CheckName(_directory, made.Name, made.Inode);
        if (error == Errno.None) error = UpperTree.CheckName(target, name, replaced);
        if (error == Errno.None) error = PlaceLocked(made, target, name, replaced);
        if (error == Errno.None) LayerNames.Forget(target, name);
        return error;
    }

    private Errno PlaceLocked(in OverlayTemporary made, Inode target, ReadOnlySpan<byte> name, Inode? replaced)
    {
        if (replaced is not { IsDirectory: true })
            return _directory.Rename(made.Name, made.Inode, target, name, replaced);

        using SleepLock.Guard victim = replaced.Lock!.AcquireNested(target.Filesystem.VictimRank);
        Errno error = RemoveEntries(replaced, onlyWhiteouts: true);
        return error == Errno.None ? _directory.Rename(made.Name, made.Inode, target, name, replaced) : error;
    }

    /// <summary>Hides what lower layers have under a name.</summary>
    internal Errno PlaceWhiteout(Inode target, ReadOnlySpan<byte> name, Inode? replaced)
    {
        if (!TryCreate(LayerNames.WhiteoutNode, out OverlayTemporary whiteout, out Errno error)) return error;
        error = Place(whiteout, target, name, replaced);
        if (error != Errno.None) Remove(whiteout);
        return error;
    }

    /// <summary>Takes all entries of a directory, or the whiteouts; directories are left.</summary>
    /// <locking>The directory's lock is held.</locking>
    internal static Errno RemoveEntries(Inode directory, bool onlyWhiteouts)
    {
        LayerListing listing = new(directory);
        while (listing.TryNextLocked(out ReadOnlySpan<byte> name))
        {
            if (!directory.TryLookup(name, out Inode? entry, out _) || entry.IsDirectory) continue;
            if (onlyWhiteouts && !LayerNames.IsWhiteout(entry)) continue;
            Errno error = directory.Unlink(name, entry);
            if (error != Errno.None) return error;
            LayerNames.Forget(directory, name);
        }

        return listing.Error;
    }

    private byte[] NextName()
    {
        ByteBuilder name = new();
        name.Append((byte)'#').AppendHex((uint)Interlocked.Increment(ref _lastName));
        return name.ToArray();
    }
}
