using System;
using System.Collections.Generic;
using Cashew.Abi;
using Cashew.Files.Systems;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Files;

/// <content>What mount(2) and its relatives add and move. Privilege (CAP_SYS_ADMIN) is checked by the system
/// calls.
/// </content>
public sealed partial class MountNamespace
{
    /// <summary>Recursive binds double what there is, so there has to be an end.</summary>
    /// <source>/proc/sys/fs/mount-max.</source>
    /// <deviation>100,000 on Linux. Here each change looks at all of them, and their list is one object of
    /// the heap.</deviation>
    public const int MostMounts = 4096;

    // On one and the same directory entry: whoever comes by looks at all of them.
    private const int MostMountsHere = 256;

    /// <summary>Mounts a new instance of a file system at a directory.</summary>
    /// <param name="target">Pinned by the caller, who keeps the pins.</param>
    /// <param name="shared">What holds for all mounts of the file system, if this is the first.</param>
    /// <errors>ENOTDIR: the target is a file and the file system's root a directory. ENOENT: the target has
    /// been removed. EBUSY: this very file system is mounted there already. EINVAL: the target is in another
    /// tree of mounts, or in none. ENOSPC: as many mounts as may be. ENOMEM.</errors>
    public Errno Add(
        Filesystem filesystem, ReadOnlySpan<byte> source, MountOptions options, PathLocation target,
        FilesystemOptions shared = FilesystemOptions.None)
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        target = Mounts.Descend(target);
        Dentry root = Mounts.RootOf(filesystem);
        if (ReferenceEquals(target.Mount.Filesystem, filesystem) && target.IsMountRoot
            && ReferenceEquals(target.Mount.Root, root))
        {
            return Errno.EBUSY;
        }

        Errno error = CheckTarget(root, target);
        if (error == Errno.None) error = CheckRoomLocked(1, target);
        if (error != Errno.None) return error;

        // A file system that is shown elsewhere keeps what it is there, and only this mount is read-only.
        if (!filesystem.IsMounted)
        {
            filesystem.IsReadOnly = (options & MountOptions.ReadOnly) != 0 || filesystem.IsNeverWritable;
            filesystem.Options = shared;
        }

        AttachTreeLocked([new Mount(filesystem, root, source, options)], target);
        return Errno.None;
    }

    /// <summary>Shows a part of the tree at a second place (MS_BIND), with what is mounted below it if wanted
    /// (MS_REC).</summary>
    /// <errors>ENOTDIR: one is a directory and the other is not. EINVAL: the source may not be bound, is in
    /// another tree of mounts or in none, or is a namespace of mounts as old as this one, or others would
    /// hear of such a one. The rest as <see cref="Add"/>.</errors>
    public Errno Bind(PathLocation source, bool withSubmounts, PathLocation target)
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        if (!MayBind(source) || IsCircle(source.Dentry)) return Errno.EINVAL;
        target = Mounts.Descend(target);
        Errno error = CheckTarget(source.Dentry, target);
        if (error != Errno.None) return error;
        if (source.Inode is MountNamespaceInode && MountReceivers.At(target.Mount, target.Dentry).Count > 0)
        {
            return Errno.EINVAL;
        }

        // The submounts are listed before the copy is made: a bind of / to /mnt must not copy itself.
        List<Mount> originals = ListForBindLocked(source, withSubmounts);
        error = HasRoomForCopies(originals) ? CheckRoomLocked(originals.Count, target) : Errno.ENOSPC;
        if (error != Errno.None) return error;

        AttachTreeLocked(CopyTree(originals, source.Dentry), target);
        return Errno.None;
    }

    /// <summary>Moves a mount, and all below it, to another place (MS_MOVE).</summary>
    /// <errors>EINVAL: the source is no mount's root or is the top of the tree, or hangs on a shared mount;
    /// one is a directory and the other is not; the target is shared, and there is something unbindable in
    /// the source. ELOOP: the target is below the source. ENOENT, ENOSPC, ENOMEM.</errors>
    public Errno Move(PathLocation source, PathLocation target)
    {
        PathLocation old;
        using (s_lock.Acquire())
        {
            Mount mount = source.Mount;
            if (!source.IsMountRoot || mount.Place is null || !Has(mount)) return Errno.EINVAL;
            target = Mounts.Descend(target);
            if (!Has(target.Mount)) return Errno.EINVAL;
            if (target.Inode.IsDirectory != mount.Root.Inode!.IsDirectory) return Errno.EINVAL;
            if (mount.Parent!.Peers is not null) return Errno.EINVAL;

            List<Mount> tree = TreeOfLocked(mount);
            if (target.Mount.Peers is not null && HasUnbindable(tree)) return Errno.EINVAL;
            if (IsBelow(target.Mount, mount)) return Errno.ELOOP;
            Errno error = CheckTarget(mount.Root, target);
            if (error == Errno.None) error = CheckRoomLocked(tree.Count, target);
            if (error != Errno.None) return error;

            old = Mounts.Detach(mount);
            foreach (Mount moved in tree) _all.Remove(moved);
            AttachTreeLocked(tree, target);
        }

        old.Unpin();
        return Errno.None;
    }

    private static bool HasUnbindable(List<Mount> tree)
    {
        foreach (Mount mount in tree)
        {
            if (mount.IsUnbindable) return true;
        }

        return false;
    }

    // Namespaces are bound from where /proc leads to, which is in no tree.
    private bool MayBind(PathLocation source)
    {
        if (source.Mount.IsUnbindable) return false;
        return Has(source.Mount) || (source.Inode is NamespaceInode && source.Mount.Namespace is null);
    }

    /// <summary>Whether a mount would keep a namespace that this one does not have to outlive: each may hold
    /// only those that were made after it.</summary>
    private bool IsCircle(Dentry root)
        => root.Inode is MountNamespaceInode other && other.Number <= (Inode?.Number ?? ulong.MaxValue);

    // ---- checks
    // -----------------------------------------------------------------------------------------------

    private Errno CheckTarget(Dentry root, PathLocation target)
    {
        if (!Has(target.Mount)) return Errno.EINVAL;
        if (root.Inode!.IsDirectory != target.Inode.IsDirectory) return Errno.ENOTDIR;
        return target.Dentry.IsUnlinked ? Errno.ENOENT : Errno.None;
    }

    /// <summary>Whether as many mounts may be attached there, and at all places that hear of it: afterwards
    /// nothing can fail.</summary>
    private Errno CheckRoomLocked(int count, PathLocation target)
    {
        List<MountReceiver> receivers = MountReceivers.At(target.Mount, target.Dentry);
        int places = 1 + receivers.Count;
        long added = (long)count * places;
        if (_all.Count + added > MostMounts) return Errno.ENOSPC;
        foreach (MountReceiver receiver in receivers)
        {
            if (receiver.Mount.Namespace!._all.Count + added > MostMounts) return Errno.ENOSPC;
        }

        if ((target.Dentry.MountsHere?.Length ?? 0) + places > MostMountsHere) return Errno.ENOSPC;
        return KernelObjects.MayCreateName() ? Errno.None : Errno.ENOMEM;
    }
}
