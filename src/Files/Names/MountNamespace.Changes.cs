using System;
using System.Collections.Generic;
using Cashew.Abi;
using Cashew.Tasks;

namespace Cashew.Files;

/// <content>What mount(2) and umount2(2) do. Privilege (CAP_SYS_ADMIN) is checked by the system calls.</content>
public sealed partial class MountNamespace
{
    /// <summary>Mounts a new instance of a file system at a directory.</summary>
    /// <param name="target">Pinned by the caller, who keeps the pins.</param>
    /// <errors>ENOTDIR: the target is a file and the file system's root a directory. ENOENT: the target has been removed.
    /// EBUSY: this very file system is mounted there already.</errors>
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

        return AttachNewLocked(filesystem, root, source, options, target);
    }

    /// <summary>Shows a part of the tree at a second place (MS_BIND), with what is mounted below it if wanted (MS_REC).</summary>
    /// <errors>ENOTDIR: one is a directory and the other is not.</errors>
    public Errno Bind(PathLocation source, bool withSubmounts, PathLocation target)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        Mount original = source.Mount;
        target = Mounts.Descend(target);

        // The submounts are listed before the copy is made: a bind of / to /mnt must not copy itself.
        List<Mount> below = withSubmounts ? ListBelowLocked(source) : [];
        Errno error = AttachNewLocked(
            original.Filesystem, source.Dentry, original.Source, original.Options, target);
        if (error != Errno.None) return error;

        Mount copy = _all[^1];
        return CopySubmountsLocked(below, original, copy);
    }

    /// <summary>Moves a mount, and all below it, to another place (MS_MOVE).</summary>
    /// <errors>EINVAL: the source is no mount's root or is the top of the tree. ELOOP: the target is below the source.
    /// ENOTDIR: one is a directory and the other is not.</errors>
    public Errno Move(PathLocation source, PathLocation target)
    {
        PathLocation old;
        using (_lock.Acquire())
        {
            Mount mount = source.Mount;
            if (!source.IsMountRoot || mount.Place is null) return Errno.EINVAL;
            target = Mounts.Descend(target);
            if (IsBelow(target.Mount, mount)) return Errno.ELOOP;
            Errno error = CheckTarget(mount.Root, target);
            if (error != Errno.None) return error;

            old = Mounts.Detach(mount);
            Mounts.Attach(mount, target);
        }

        old.Unpin();
        return Errno.None;
    }

    /// <summary>Changes what a mount allows (MS_REMOUNT, MS_BIND).</summary>
    /// <errors>EINVAL: the place is no mount's root.</errors>
    public Errno SetOptions(PathLocation target, MountOptions options)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        if (!target.IsMountRoot) return Errno.EINVAL;
        target.Mount.Options = options;
        return Errno.None;
    }

    /// <summary>Changes a file system's options, for all its mounts, and those of one mount (MS_REMOUNT).</summary>
    public Errno Remount(
        PathLocation target, MountOptions options, bool isReadOnly, ReadOnlySpan<byte> filesystemOptions)
    {
        using SleepLock.Guard guard = _lock.Acquire();
        if (!target.IsMountRoot) return Errno.EINVAL;
        Errno error = target.Mount.Filesystem.Remount(filesystemOptions);
        if (error != Errno.None) return error;

        target.Mount.Filesystem.IsReadOnly = isReadOnly;
        target.Mount.Options = options;
        return Errno.None;
    }

    /// <summary>Takes a mount away; the target is not pinned beyond what others hold.</summary>
    /// <param name="target">Where the path led, without pins.</param>
    /// <param name="isLazy">MNT_DETACH: out of the tree at once, ended by the last user.</param>
    /// <errors>EINVAL: no mount's root, or the root of all. EBUSY: in use, and not lazy.</errors>
    public Errno Remove(PathLocation target, bool isLazy)
    {
        if (!target.IsMountRoot) return Errno.EINVAL;
        return isLazy ? RemoveLazily(target.Mount) : RemoveUnused(target.Mount);
    }

    private Errno RemoveUnused(Mount mount)
    {
        PathLocation old;
        using (_lock.Acquire())
        {
            if (mount.Place is null) return Errno.EINVAL;
            if (HasChildrenLocked(mount) || !mount.TryClose()) return Errno.EBUSY;
            old = Mounts.Detach(mount);
            _all.Remove(mount);
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
            if (top.Place is null) return Errno.EINVAL;
            foreach (Mount mount in _all)
            {
                if (IsBelow(mount, top)) going.Add(mount);
            }

            foreach (Mount mount in going)
            {
                places.Add(Mounts.Detach(mount));
                _all.Remove(mount);
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

    private static Errno CheckTarget(Dentry root, PathLocation target)
    {
        if (root.Inode!.IsDirectory != target.Inode.IsDirectory) return Errno.ENOTDIR;
        if (target.Dentry.IsUnlinked || !target.TryPin()) return Errno.ENOENT;
        return Errno.None;
    }

    private Errno AttachNewLocked(
        Filesystem filesystem, Dentry root, ReadOnlySpan<byte> source, MountOptions options, PathLocation target)
    {
        Errno error = CheckTarget(root, target);
        if (error != Errno.None) return error;

        Mount mount = new(filesystem, root, source, options);
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

    // The list has parents before children, since nothing can be mounted on what is not there yet.
    private Errno CopySubmountsLocked(List<Mount> below, Mount original, Mount copy)
    {
        Dictionary<Mount, Mount> copies = new() { [original] = copy };
        foreach (Mount mount in below)
        {
            MountPlace place = mount.Place!;
            if (!copies.TryGetValue(place.Parent, out Mount? parent)) continue;
            Errno error = AttachNewLocked(
                mount.Filesystem, mount.Root, mount.Source, mount.Options, new PathLocation(parent, place.Point));
            if (error != Errno.None) return error;
            copies[mount] = _all[^1];
        }

        return Errno.None;
    }
}
