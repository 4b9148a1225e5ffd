using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Files.Systems;

/// <content>Names that come and go. All changes are in the upper layer; what lower layers have under a name
/// that goes is hidden by a whiteout.</content>
internal sealed partial class OverlayInode
{
    public override bool TryCreate(
        ReadOnlySpan<byte> name, in NewNode node, [NotNullWhen(true)] out Inode? inode, out Errno error)
    {
        inode = null;
        error = KernelObjects.MayCreateName() ? Prepare(name, out Inode? whiteout) : Refuse(out whiteout);
        if (error != Errno.None) return false;

        // A character device 0:0 would be a whiteout.
        if (node.Type == InodeType.CharacterDevice && node.Device.Equals(default)) error = Errno.EPERM;
        Inode? made = null;
        if (error == Errno.None) error = MakeNode(name, node, whiteout, out made);
        if (error != Errno.None) return false;
        inode = FindOrMake(name, made, []);
        TouchModified();
        return true;
    }

    public override Errno Link(ReadOnlySpan<byte> name, Inode target)
    {
        OverlayInode file = (OverlayInode)target;
        Errno error = file.CopyUp(withData: true);
        Inode? whiteout = null;
        if (error == Errno.None) error = Prepare(name, out whiteout);
        if (error != Errno.None) return error;
        if (!file.TryAddLink()) return Errno.ENOENT;
        error = whiteout is null ? LinkInUpper(name, file.Upper!) : LinkOver(name, file.Upper!, whiteout);
        if (error != Errno.None) file.DropLinks();
        else TouchModified();
        return error;
    }

    public override Errno Unlink(ReadOnlySpan<byte> name, Inode victim)
    {
        Errno error = Take(name, (OverlayInode)victim);
        if (error != Errno.None) return error;
        TouchModified();
        victim.TouchChanged();
        victim.DropLinks();
        return Errno.None;
    }

    public override Errno RemoveDirectory(ReadOnlySpan<byte> name, Inode victim)
    {
        OverlayInode directory = (OverlayInode)victim;
        if (!directory.IsEmpty()) return Errno.ENOTEMPTY;
        Errno error = Take(name, directory);
        if (error != Errno.None) return error;
        TouchModified();
        directory.DropLinks(2);
        return Errno.None;
    }

    /// <summary>Brings the directory to the upper layer, and says what of that layer a new name would
    /// replace.</summary>
    private Errno Prepare(ReadOnlySpan<byte> name, out Inode? whiteout)
    {
        whiteout = null;
        Errno error = CopyUp(withData: true);
        return error == Errno.None ? LayerNames.Find(Upper!, name, out whiteout) : error;
    }

    private static Errno Refuse(out Inode? whiteout)
    {
        whiteout = null;
        return Errno.ENOMEM;
    }

    /// <summary>A directory hides what is below it, where that is possible at all.</summary>
    private Errno MakeNode(ReadOnlySpan<byte> name, in NewNode node, Inode? whiteout, out Inode? made)
    {
        made = null;
        bool isDirectory = node.Type == InodeType.Directory;
        if (whiteout is null && !(isDirectory && IsMerged)) return CreateInUpper(name, node, out made);
        if (!_filesystem.Work!.TryCreate(node, out OverlayTemporary temporary, out Errno error)) return error;
        if (isDirectory) error = MakeOpaque(temporary.Inode);
        if (error == Errno.None) error = _filesystem.Work.Place(temporary, Upper!, name, whiteout);
        if (error != Errno.None) _filesystem.Work.Remove(temporary);
        else made = temporary.Inode;
        return error;
    }

    private Errno CreateInUpper(ReadOnlySpan<byte> name, in NewNode node, out Inode? made)
    {
        Inode directory = Upper!;
        using SleepLock.Guard guard = directory.Lock!.Acquire();
        made = null;
        Errno error = UpperTree.CheckName(directory, name, null);
        if (error == Errno.None) _ = directory.TryCreate(name, node, out made, out error); // the error says it
        if (error != Errno.None) return error;
        LayerNames.Forget(directory, name);
        return Errno.None;
    }

    private Errno LinkInUpper(ReadOnlySpan<byte> name, Inode target)
    {
        Inode directory = Upper!;
        using SleepLock.Guard guard = directory.Lock!.Acquire();
        Errno error = UpperTree.CheckName(directory, name, null);
        if (error == Errno.None) error = directory.Link(name, target);
        if (error == Errno.None) LayerNames.Forget(directory, name);
        return error;
    }

    private Errno LinkOver(ReadOnlySpan<byte> name, Inode target, Inode whiteout)
    {
        Errno error = _filesystem.Work!.Link(target, out OverlayTemporary link);
        if (error != Errno.None) return error;
        error = _filesystem.Work.Place(link, Upper!, name, whiteout);
        if (error != Errno.None) _filesystem.Work.Remove(link);
        return error;
    }

    private Errno MakeOpaque(Inode directory)
        => directory.ExtendedFor(directory.Filesystem.AttributeBudget!).Set(_filesystem.OpaqueName, "y"u8.ToArray(), 0);

    /// <summary>Takes a name away; of a directory, it is known to be empty.</summary>
    private Errno Take(ReadOnlySpan<byte> name, OverlayInode victim)
    {
        Errno error = CopyUp(withData: true);
        if (error != Errno.None) return error;
        if (HasBelow(name)) return _filesystem.Work!.PlaceWhiteout(Upper!, name, victim.Upper);

        Inode directory = Upper!;
        if (victim.Upper is not Inode entry) return Errno.None;
        using SleepLock.Guard guard = directory.Lock!.Acquire();
        error = UpperTree.CheckName(directory, name, entry);
        if (error != Errno.None) return error;
        if (entry.IsDirectory)
        {
            using SleepLock.Guard inner = entry.Lock!.AcquireNested(entry.Filesystem.VictimRank);
            error = OverlayWork.RemoveEntries(entry, onlyWhiteouts: true);
            if (error == Errno.None) error = directory.RemoveDirectory(name, entry);
        }
        else
        {
            error = directory.Unlink(name, entry);
        }

        if (error == Errno.None) LayerNames.Forget(directory, name);
        return error;
    }
}
