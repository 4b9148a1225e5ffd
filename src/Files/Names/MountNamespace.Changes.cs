using System;
using System.Collections.Generic;
using Cashew.Abi;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Files;

/// <content>What mount(2) and umount2(2) do. Privilege (CAP_SYS_ADMIN) is checked by the system calls.</content>
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
    /// <errors>ENOTDIR: the target is a file and the file system's root a directory. ENOENT: the target has been removed.
    /// EBUSY: this very file system is mounted there already. EINVAL: the target is in another tree of mounts, or in none.
    /// ENOSPC: as many mounts as may be. ENOMEM.</errors>
    public Errno Add(Filesystem filesystem, ReadOnlySpan<byte> source, MountOptions options, PathLocation target)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        target = Mounts.Descend(target);
        Dentry root = Mounts.RootOf(filesystem);
        if (ReferenceEquals(target.Mount.Filesystem, filesystem) && target.IsMountRoot
            && ReferenceEquals(target.Mount.Root, root))
        {
            return Errno.EBUSY;
        }

        // A file system that is shown elsewhere keeps what it is there, and only this mount is read-only.
        bool isNew = !filesystem.IsMounted;
        Errno error = AttachNewLocked(filesystem, root, source, options, target);
        if (error == Errno.None && isNew) filesystem.IsReadOnly = (options & MountOptions.ReadOnly) != 0;
        return error;
    }

    /// <summary>Shows a part of the tree at a second place (MS_BIND), with what is mounted below it if wanted (MS_REC).</summary>
    /// <errors>ENOTDIR: one is a directory and the other is not. EINVAL: the source may not be bound, or is in no tree of
    /// mounts. The rest as <see cref="Add"/>.</errors>
    public Errno Bind(PathLocation source, bool withSubmounts, PathLocation target)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        Mount original = source.Mount;
        if (original.IsUnbindable || !Has(original)) return Errno.EINVAL;
        target = Mounts.Descend(target);

        // The submounts are listed before the copy is made: a bind of / to /mnt must not copy itself.
        List<Mount> below = withSubmounts ? ListBelowLocked(source) : [];
        if (_all.Count + below.Count >= MostMounts) return Errno.ENOSPC;
        Errno error = AttachNewLocked(
            original.Filesystem, source.Dentry, original.Source, original.Options, target);
        if (error != Errno.None) return error;

        Mount copy = _all[^1];
        return CopySubmountsLocked(below, original, copy);
    }

    /// <summary>Moves a mount, and all below it, to another place (MS_MOVE).</summary>
    /// <errors>EINVAL: the source is no mount's root or is the top of the tree; one is a directory and the other is not.
    /// ELOOP: the target is below the source.</errors>
    public Errno Move(PathLocation source, PathLocation target)
    {
        PathLocation old;
        using (_lock.Acquire())
        {
            Mount mount = source.Mount;
            if (!source.IsMountRoot || mount.Place is null || !Has(mount)) return Errno.EINVAL;
            target = Mounts.Descend(target);
            if (target.Inode.IsDirectory != mount.Root.Inode!.IsDirectory) return Errno.EINVAL;
            if (IsBelow(target.Mount, mount)) return Errno.ELOOP;
            Errno error = CheckTarget(mount.Root, target);
            if (error != Errno.None) return error;

            old = Mounts.Detach(mount);
            Mounts.Attach(mount, target);
            MoveToEndLocked(mount);
        }

        old.Unpin();
        return Errno.None;
    }

    /// <summary>Changes what a mount allows (MS_REMOUNT, MS_BIND).</summary>
    /// <errors>EINVAL: the place is no mount's root.</errors>
    public Errno SetOptions(PathLocation target, MountOptions options)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        if (!target.IsMountRoot || !Has(target.Mount)) return Errno.EINVAL;
        target.Mount.Options = options;
        return Errno.None;
    }

    /// <summary>Sets how a mount, or it and all below it (MS_REC), passes on what is mounted there.</summary>
    /// <inheritdoc cref="SetOptions"/>
    public Errno SetPropagation(PathLocation target, bool withSubmounts, Propagation propagation)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        Mount top = target.Mount;
        if (!target.IsMountRoot || !Has(top)) return Errno.EINVAL;
        foreach (Mount mount in _all)
        {
            bool isMeant = ReferenceEquals(mount, top) || (withSubmounts && IsBelow(mount, top));
            if (isMeant && propagation != Propagation.Slave) mount.IsUnbindable = propagation == Propagation.Unbindable;
        }

        return Errno.None;
    }

    /// <summary>Changes a file system's options, for all its mounts, and those of one mount (MS_REMOUNT).</summary>
    /// <errors>EINVAL: the place is no mount's root; an option is not understood.</errors>
    /// <deviation>What is open for writing stays so when the file system becomes read-only; Linux refuses (EBUSY).
    /// </deviation>
    public Errno Remount(
        PathLocation target, MountOptions options, bool isReadOnly, ReadOnlySpan<byte> filesystemOptions)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        if (!target.IsMountRoot || !Has(target.Mount)) return Errno.EINVAL;
        Errno error = target.Mount.Filesystem.Remount(filesystemOptions);
        if (error != Errno.None) return error;

        target.Mount.Filesystem.IsReadOnly = isReadOnly;
        target.Mount.Options = options;
        return Errno.None;
    }

    /// <summary>Takes a mount away; the target is not pinned beyond what others hold.</summary>
    /// <param name="target">Where the path led, without pins.</param>
    /// <param name="mode">What to do when it is in use.</param>
    /// <errors>EINVAL: no mount's root, or the root of all. EBUSY: in use, and not lazy. EAGAIN: it expires from now on.
    /// </errors>
    public Errno Remove(PathLocation target, UnmountMode mode)
    {
        if (!target.IsMountRoot) return Errno.EINVAL;
        return mode == UnmountMode.Lazily ? RemoveLazily(target.Mount) : RemoveUnused(target.Mount, mode);
    }

    private Errno RemoveUnused(Mount mount, UnmountMode mode)
    {
        PathLocation old;
        using (_lock.Acquire())
        {
            if (mount.Place is null || !Has(mount)) return Errno.EINVAL;
            if (HasChildrenLocked(mount) || mount.IsUsed) return Errno.EBUSY;
            if (mode == UnmountMode.WhenExpired && !mount.MarkExpiring()) return Errno.EAGAIN;
            if (!mount.TryClose()) return Errno.EBUSY;
            old = Mounts.Detach(mount);
            _all.Remove(mount);
            mount.Namespace = null;
        }

        mount.End();
        old.Unpin();
        return Errno.None;
    }

    private Errno RemoveLazily(Mount top)
    {
        List<Mount> going = [];
        List<PathLocation> places = [];
        using (_lock.Acquire())
        {
            if (top.Place is null || !Has(top)) return Errno.EINVAL;
            foreach (Mount mount in _all)
            {
                if (IsBelow(mount, top)) going.Add(mount);
            }

            foreach (Mount mount in going)
            {
                places.Add(Mounts.Detach(mount));
                _all.Remove(mount);
                mount.Namespace = null;
            }
        }

        // The deepest first: a mount has a pin on the one it hangs on, which we drop after it.
        for (int i = going.Count - 1; i >= 0; i--)
        {
            going[i].Detach();
            places[i].Unpin();
        }

        return Errno.None;
    }

    // ---- helpers ----------------------------------------------------------------------------------------------------

    private bool Has(Mount mount) => ReferenceEquals(mount.Namespace, this);

    /// <summary>Pins the target if it will do.</summary>
    private Errno CheckTarget(Dentry root, PathLocation target)
    {
        if (!Has(target.Mount)) return Errno.EINVAL;
        if (root.Inode!.IsDirectory != target.Inode.IsDirectory) return Errno.ENOTDIR;
        if (target.Dentry.IsUnlinked || !target.TryPin()) return Errno.ENOENT;
        return Errno.None;
    }

    private Errno AttachNewLocked(
        Filesystem filesystem, Dentry root, ReadOnlySpan<byte> source, MountOptions options, PathLocation target)
    {
        if (_all.Count >= MostMounts) return Errno.ENOSPC;
        if (target.Dentry.MountsHere?.Length >= MostMountsHere) return Errno.ENOSPC;
        if (!KernelObjects.MayCreateName()) return Errno.ENOMEM;
        Errno error = CheckTarget(root, target);
        if (error != Errno.None) return error;

        Mount mount = new(filesystem, root, source, options) { Namespace = this };
        Mounts.Attach(mount, target);
        _all.Add(mount);
        return Errno.None;
    }

    private List<Mount> ListBelowLocked(PathLocation top)
    {
        List<Mount> below = [];
        foreach (Mount mount in _all)
        {
            if (!ReferenceEquals(mount, top.Mount) && HangsBelow(mount, top)) below.Add(mount);
        }

        return below;
    }

    private static bool HangsBelow(Mount mount, PathLocation top)
    {
        Mount at = mount;
        while (at.Place is MountPlace place)
        {
            if (ReferenceEquals(place.Parent, top.Mount)) return DirectoryTree.IsBelow(place.Point, top.Dentry);
            at = place.Parent;
        }

        return false;
    }

    /// <summary>Keeps parents before their children, which is the order of mounting as long as nothing is moved.</summary>
    private void MoveToEndLocked(Mount top)
    {
        List<Mount> moved = [];
        List<Mount> others = [];
        foreach (Mount mount in _all) (IsBelow(mount, top) ? moved : others).Add(mount);
        _all.Clear();
        _all.AddRange(others);
        _all.AddRange(moved);
    }

    // The list has parents before children, so a parent's copy is there before it is needed.
    private Errno CopySubmountsLocked(List<Mount> below, Mount original, Mount copy)
    {
        Errno error = Errno.None;
        original.Copy = copy;
        foreach (Mount mount in below)
        {
            MountPlace place = mount.Place!;
            if (mount.IsUnbindable || place.Parent.Copy is not Mount parent) continue;
            error = AttachNewLocked(
                mount.Filesystem, mount.Root, mount.Source, mount.Options, new PathLocation(parent, place.Point));
            if (error != Errno.None) break;
            mount.Copy = _all[^1];
        }

        original.Copy = null;
        foreach (Mount mount in below) mount.Copy = null;
        return error;
    }
}
