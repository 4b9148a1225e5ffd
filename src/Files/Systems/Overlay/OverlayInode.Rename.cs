using System;
using Cashew.Abi;
using Cashew.Tasks;

namespace Cashew.Files.Systems;

/// <content>Moving names. A directory that shows lower layers cannot be moved: what it shows hangs on its
/// name.</content>
internal sealed partial class OverlayInode
{
    /// <errors>EXDEV: a directory that is, in part or whole, in lower layers: who moves it copies
    /// it.</errors>
    public override Errno Rename(
        ReadOnlySpan<byte> name, Inode moved, Inode newParent, ReadOnlySpan<byte> newName, Inode? replaced)
    {
        OverlayInode file = (OverlayInode)moved;
        OverlayInode target = (OverlayInode)newParent;
        OverlayInode? victim = (OverlayInode?)replaced;
        if (file.IsDirectory && file._lowers.Length > 0) return Errno.EXDEV;
        if (victim is { IsDirectory: true } && !victim.IsEmpty()) return Errno.ENOTEMPTY;

        Errno error = PrepareMove(file, target);
        Inode? there = null;
        if (error == Errno.None) error = LayerNames.Find(target.Upper!, newName, out there);
        if (error == Errno.None && file.IsDirectory && target.MustHide(newName)) error = MakeOpaque(file.Upper!);
        if (error == Errno.None) error = MoveInUpper(name, file, target, newName, there);
        if (error != Errno.None) return error;

        file.SetName(target, newName.ToArray());
        file.TouchChanged();
        victim?.DropLinks(victim.IsDirectory ? 2u : 1u);
        TouchModified();
        target.TouchModified();
        return Errno.None;
    }

    /// <inheritdoc cref="Rename"/>
    public override Errno Exchange(
        ReadOnlySpan<byte> name, Inode inode, Inode otherParent, ReadOnlySpan<byte> otherName, Inode other)
    {
        OverlayInode file = (OverlayInode)inode;
        OverlayInode target = (OverlayInode)otherParent;
        OverlayInode second = (OverlayInode)other;
        if (file.IsDirectory && file._lowers.Length > 0) return Errno.EXDEV;
        if (second.IsDirectory && second._lowers.Length > 0) return Errno.EXDEV;

        Errno error = PrepareMove(file, target);
        if (error == Errno.None) error = second.CopyUp(withData: true);
        if (error == Errno.None && file.IsDirectory && target.MustHide(otherName)) error = MakeOpaque(file.Upper!);
        if (error == Errno.None && second.IsDirectory && MustHide(name)) error = MakeOpaque(second.Upper!);
        if (error == Errno.None) error = ExchangeInUpper(name, file.Upper!, target.Upper!, otherName, second.Upper!);
        if (error != Errno.None) return error;

        file.SetName(target, otherName.ToArray());
        second.SetName(this, name.ToArray());
        TouchModified();
        target.TouchModified();
        return Errno.None;
    }

    private Errno PrepareMove(OverlayInode file, OverlayInode target)
    {
        Errno error = CopyUp(withData: true);
        if (error == Errno.None) error = target.CopyUp(withData: true);
        return error == Errno.None ? file.CopyUp(withData: true) : error;
    }

    private bool MustHide(ReadOnlySpan<byte> name) => IsMerged || HasBelow(name);

    /// <summary>The whiteout that is to be left is made before anything is moved: afterwards nothing fails,
    /// unless somebody has taken the name in the upper layer meanwhile; then it is that file's.</summary>
    private Errno MoveInUpper(
        ReadOnlySpan<byte> name, OverlayInode file, OverlayInode target, ReadOnlySpan<byte> newName, Inode? there)
    {
        OverlayWork work = _filesystem.Work!;
        bool leavesWhiteout = HasBelow(name);
        OverlayTemporary whiteout = default;
        if (leavesWhiteout && !work.TryCreate(LayerNames.WhiteoutNode, out whiteout, out Errno error)) return error;

        error = RenameInUpper(name, file.Upper!, target.Upper!, newName, there);
        bool isLeft = leavesWhiteout && error == Errno.None && work.Place(whiteout, Upper!, name, null) == Errno.None;
        if (leavesWhiteout && !isLeft) work.Remove(whiteout);
        return error;
    }

    private Errno RenameInUpper(
        ReadOnlySpan<byte> name, Inode moved, Inode target, ReadOnlySpan<byte> newName, Inode? there)
    {
        Inode directory = Upper!;
        using SleepLock.Guard rename = directory.Filesystem.RenameLock.Acquire();
        if (UpperTree.IsBelow(target, moved) || UpperTree.IsBelow(directory, there)) return Errno.EIO;
        using SleepLock.Guard first = UpperTree.FirstOf(directory, target).Lock!.Acquire();
        using SleepLock.Guard second = ReferenceEquals(directory, target)
            ? default
            : UpperTree.SecondOf(directory, target).Lock!.AcquireNested(directory.Filesystem.NestedRank);
        Errno error = UpperTree.CheckName(directory, name, moved);
        if (error == Errno.None) error = UpperTree.CheckName(target, newName, there);
        if (error != Errno.None) return error;
        using SleepLock.Guard third = there is { IsDirectory: true }
            ? there.Lock!.AcquireNested(directory.Filesystem.VictimRank)
            : default;
        if (there is { IsDirectory: true }) error = OverlayWork.RemoveEntries(there, onlyWhiteouts: true);
        if (error == Errno.None) error = directory.Rename(name, moved, target, newName, there);
        if (error == Errno.None) ForgetBoth(directory, name, target, newName);
        return error;
    }

    private Errno ExchangeInUpper(
        ReadOnlySpan<byte> name, Inode inode, Inode target, ReadOnlySpan<byte> otherName, Inode other)
    {
        Inode directory = Upper!;
        using SleepLock.Guard rename = directory.Filesystem.RenameLock.Acquire();
        if (UpperTree.IsBelow(target, inode) || UpperTree.IsBelow(directory, other)) return Errno.EIO;
        using SleepLock.Guard first = UpperTree.FirstOf(directory, target).Lock!.Acquire();
        using SleepLock.Guard second = ReferenceEquals(directory, target)
            ? default
            : UpperTree.SecondOf(directory, target).Lock!.AcquireNested(directory.Filesystem.NestedRank);
        Errno error = UpperTree.CheckName(directory, name, inode);
        if (error == Errno.None) error = UpperTree.CheckName(target, otherName, other);
        if (error == Errno.None) error = directory.Exchange(name, inode, target, otherName, other);
        if (error == Errno.None) ForgetBoth(directory, name, target, otherName);
        return error;
    }

    private static void ForgetBoth(Inode directory, ReadOnlySpan<byte> name, Inode target, ReadOnlySpan<byte> newName)
    {
        LayerNames.Forget(directory, name);
        LayerNames.Forget(target, newName);
    }
}
