using System;
using System.Collections.Generic;
using Cashew.Abi;
using Cashew.Tasks;

namespace Cashew.Files;

/// <content>What mounts allow, and how they pass on what is mounted below them.</content>
public sealed partial class MountNamespace
{
    /// <summary>Changes what a mount allows (MS_REMOUNT, MS_BIND).</summary>
    /// <errors>EINVAL: the place is no mount's root. EBUSY: it is to be read-only, and somebody
    /// writes.</errors>
    public Errno SetOptions(PathLocation target, MountOptions options)
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        if (!target.IsMountRoot || !Has(target.Mount)) return Errno.EINVAL;
        if (!target.Mount.TrySetOptions(options)) return Errno.EBUSY;
        NoteChangeLocked();
        return Errno.None;
    }

    /// <summary>Adds and takes away options and sets the propagation, of a mount or of all below it,
    /// too.</summary>
    /// <errors>EINVAL: the place is no mount's root, or in another tree of mounts. EBUSY: one of them is to
    /// be read-only, and somebody writes; then none is changed.</errors>
    /// <source>mount_setattr(2).</source>
    public Errno Change(PathLocation target, bool withSubmounts, in MountChange change)
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        Mount top = target.Mount;
        if (!target.IsMountRoot || top.Namespace is not MountNamespace mounts) return Errno.EINVAL;
        if (!ReferenceEquals(mounts, this) && !mounts.IsDetached) return Errno.EINVAL;

        List<Mount> tree = withSubmounts ? mounts.TreeOfLocked(top) : [top];
        MountOptions[] old = new MountOptions[tree.Count];
        for (int i = 0; i < tree.Count; i++)
        {
            old[i] = tree[i].Options;
            if (tree[i].TrySetOptions((old[i] & ~change.Cleared) | change.Set)) continue;

            // To what they were they can always go back: a writer is what keeps a mount from becoming
            // read-only.
            while (--i >= 0) tree[i].Options = old[i];
            return Errno.EBUSY;
        }

        mounts.NoteChangeLocked();
        if (change.Propagation is not Propagation propagation) return Errno.None;
        foreach (Mount mount in tree) MountPeers.Set(mount, propagation);
        return Errno.None;
    }

    /// <summary>Sets how a mount, or it and all below it (MS_REC), passes on what is mounted there.</summary>
    /// <remarks>As on Linux, the mount may be in any namespace that the caller has got to.</remarks>
    /// <errors>EINVAL: the place is no mount's root.</errors>
    public static Errno SetPropagation(PathLocation target, bool withSubmounts, Propagation propagation)
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        Mount top = target.Mount;
        if (!target.IsMountRoot || top.Namespace is not MountNamespace mounts) return Errno.EINVAL;
        List<Mount> tree = withSubmounts ? mounts.TreeOfLocked(top) : [top];
        foreach (Mount mount in tree) MountPeers.Set(mount, propagation);
        return Errno.None;
    }

    /// <summary>Changes a file system's options, for all its mounts, and those of one mount
    /// (MS_REMOUNT).</summary>
    /// <errors>EINVAL: the place is no mount's root; an option is not understood. EROFS: it can never be
    /// written to. EBUSY: it is to be read-only, and somebody writes, or has a file open that has no name any
    /// more.</errors>
    public Errno Remount(
        PathLocation target, MountOptions options, bool isReadOnly, ReadOnlySpan<byte> filesystemOptions,
        FilesystemOptions shared = FilesystemOptions.None)
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        if (!target.IsMountRoot || !Has(target.Mount)) return Errno.EINVAL;
        Filesystem filesystem = target.Mount.Filesystem;
        if (!isReadOnly && filesystem.IsNeverWritable) return Errno.EROFS;
        if (isReadOnly && !filesystem.IsReadOnly && !filesystem.TryBecomeReadOnly()) return Errno.EBUSY;
        Errno error = filesystem.Remount(filesystemOptions);
        if (error != Errno.None) return error;

        // The file system says no to writers from now on, so none of this mount's can be missed.
        filesystem.IsReadOnly = isReadOnly;
        filesystem.Options = (filesystem.Options & ~FilesystemOptions.Changeable)
            | (shared & FilesystemOptions.Changeable);
        target.Mount.Options = options;
        NoteChangeLocked();
        return Errno.None;
    }

    /// <summary>The nearest of the groups above a slave that has a member which can be seen from a
    /// root.</summary>
    /// <source>mount_namespaces(7), "propagate_from".</source>
    internal static PeerGroup? FindDominant(Mount slave, PathLocation root)
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        for (PeerGroup? group = slave.Master; group is not null; group = group.Members[0].Master)
        {
            foreach (Mount member in group.Members)
            {
                if (ReferenceEquals(member.Namespace, slave.Namespace) && MountTable.IsReachable(member, root))
                    return group;
            }

            if (group.Members.Count == 0) break;
        }

        return null;
    }
}
