using System.Collections.Generic;
using Cashew.Abi;

namespace Cashew.Files;

/// <content>What the calls with several places do.</content>
public sealed partial class MountNamespace
{
    /// <summary>Puts a mount in the place of the one that is the root, and that one below it.</summary>
    /// <param name="root">Of the caller.</param>
    /// <errors>EINVAL: root or new root are not roots of mounts that hang on others; the old one would not
    /// come below the new, or the new one is not below the root; one of the places is shared. EBUSY: new root
    /// or put-old are on the root's mount. ENOENT: the new root has been removed.</errors>
    /// <source>pivot_root(2).</source>
    public Errno Pivot(PathLocation root, PathLocation newRoot, PathLocation putOld)
    {
        PathLocation left;
        using (s_lock.Acquire())
        {
            putOld = Mounts.Descend(putOld);
            Errno error = CheckPivot(root, newRoot, putOld);
            if (error != Errno.None) return error;

            left = Mounts.Detach(newRoot.Mount);
            PathLocation top = Mounts.Detach(root.Mount);
            Pin(putOld);
            Mounts.Attach(root.Mount, putOld);
            Mounts.Attach(newRoot.Mount, top);
            List<Mount> moved = TreeOfLocked(newRoot.Mount);
            foreach (Mount mount in moved) _all.Remove(mount);
            _all.AddRange(moved);
            NoteChangeLocked();
        }

        left.Unpin();
        return Errno.None;
    }

    private Errno CheckPivot(PathLocation root, PathLocation newRoot, PathLocation putOld)
    {
        Mount top = newRoot.Mount;
        bool isShared = putOld.Mount.Peers is not null || top.Parent?.Peers is not null
            || root.Mount.Parent?.Peers is not null;
        if (isShared || !Has(root.Mount) || !Has(top) || !Has(putOld.Mount)) return Errno.EINVAL;
        if (newRoot.Dentry.IsUnlinked || putOld.Dentry.IsUnlinked) return Errno.ENOENT;
        if (ReferenceEquals(top, root.Mount) || ReferenceEquals(putOld.Mount, root.Mount)) return Errno.EBUSY;
        bool areMountRoots = root.IsMountRoot && root.Mount.Place is not null && newRoot.IsMountRoot;
        if (!areMountRoots || !IsBelow(putOld.Mount, top) || !IsBelow(top, root.Mount)) return Errno.EINVAL;
        return Errno.None;
    }

    // ---- trees that only descriptors lead to
    // -------------------------------------------------------------------

    /// <summary>A copy of a part of the tree that hangs nowhere (open_tree(2), OPEN_TREE_CLONE).</summary>
    /// <errors>EINVAL: the source may not be bound, or is in another tree. ENOSPC, ENOMEM.</errors>
    public Errno TryClone(PathLocation source, bool withSubmounts, out MountNamespace? tree)
    {
        tree = null;
        using Tasks.SleepLock.Guard guard = s_lock.Acquire();
        if (!MayBind(source)) return Errno.EINVAL;
        List<Mount> originals = ListForBindLocked(source, withSubmounts);
        if (_all.Count + originals.Count > MostMounts || !HasRoomForCopies(originals)) return Errno.ENOSPC;
        if (!Memory.KernelObjects.MayCreateName()) return Errno.ENOMEM;
        tree = new MountNamespace(CopyTree(originals, source.Dentry));
        return Errno.None;
    }

    /// <summary>A mount of a whole file system that hangs nowhere (fsmount(2)).</summary>
    /// <errors>ENOMEM.</errors>
    public static Errno TryCreateDetached(
        Filesystem filesystem, System.ReadOnlySpan<byte> source, MountOptions options, out MountNamespace? tree)
    {
        tree = null;
        using Tasks.SleepLock.Guard guard = s_lock.Acquire();
        if (!Memory.KernelObjects.MayCreateName()) return Errno.ENOMEM;
        tree = new MountNamespace([new Mount(filesystem, Mounts.RootOf(filesystem), source, options)]);
        return Errno.None;
    }

    /// <summary>Moves a mount of this tree, or all of one that hangs nowhere (move_mount(2)).</summary>
    /// <errors>As <see cref="Move"/>. EINVAL: the source is in another tree. ELOOP: in the tree there is a
    /// namespace of mounts as old as this one.</errors>
    public Errno MoveHere(PathLocation source, PathLocation target)
    {
        if (Has(source.Mount)) return Move(source, target);
        using Tasks.SleepLock.Guard guard = s_lock.Acquire();
        if (source.Mount.Namespace is not { IsDetached: true } other || !source.IsMountRoot) return Errno.EINVAL;
        if (!ReferenceEquals(other.Root, source.Mount)) return Errno.EINVAL;
        target = Mounts.Descend(target);
        if (!Has(target.Mount) || source.Inode.IsDirectory != target.Inode.IsDirectory) return Errno.EINVAL;
        Errno error = CheckTarget(source.Dentry, target);
        if (error != Errno.None) return error;
        List<Mount> tree = other.TreeOfLocked(other.Root);
        if (target.Mount.Peers is not null && HasUnbindable(tree)) return Errno.EINVAL;
        foreach (Mount mount in tree)
        {
            if (IsCircle(mount.Root)) return Errno.ELOOP;
        }

        error = CheckRoomLocked(tree.Count, target);
        if (error != Errno.None) return error;

        other._all.Clear();
        AttachTreeLocked(tree, target);
        return Errno.None;
    }

    /// <summary>Makes a mount hear what another one hears, and its peer if that is shared
    /// (MOVE_MOUNT_SET_GROUP).</summary>
    /// <errors>EINVAL: not two mounts of the same file system, one showing what the other does; the target
    /// has peers or a master already; the source has neither.</errors>
    /// <source>move_mount(2), MOVE_MOUNT_SET_GROUP.</source>
    public Errno SetGroup(PathLocation source, PathLocation target)
    {
        using Tasks.SleepLock.Guard guard = s_lock.Acquire();
        Mount from = source.Mount;
        Mount to = target.Mount;
        if (!source.IsMountRoot || !target.IsMountRoot || !Has(from) || !Has(to)) return Errno.EINVAL;
        if (to.Peers is not null || to.Master is not null) return Errno.EINVAL;
        if (from.Peers is null && from.Master is null) return Errno.EINVAL;
        bool isSame = ReferenceEquals(from.Filesystem, to.Filesystem) && DirectoryTree.IsBelow(to.Root, from.Root);
        if (!isSame || HasChildrenOutsideLocked(from, to.Root)) return Errno.EINVAL;
        MountPeers.Inherit(to, from);
        return Errno.None;
    }

    // What hangs on the source where the target does not show it would have no place there.
    private bool HasChildrenOutsideLocked(Mount mount, Dentry shown)
    {
        foreach (Mount other in _all)
        {
            if (ReferenceEquals(other.Parent, mount) && !DirectoryTree.IsBelow(other.MountPoint!, shown)) return true;
        }

        return false;
    }
}
