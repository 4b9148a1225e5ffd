using System.Collections.Generic;

namespace Cashew.Files;

/// <content>Copies of trees of mounts, and where they are hung. A tree is a list with parents before their children.
/// Whoever calls has checked that there is room, so that nothing fails.</content>
public sealed partial class MountNamespace
{
    /// <summary>Hangs a tree on a place; and copies of it wherever the place's peers and their slaves are.</summary>
    /// <source>mount_namespaces(7); Linux's description of shared subtrees, "Bind semantics", "Move semantics".</source>
    private void AttachTreeLocked(List<Mount> tree, PathLocation target)
    {
        if (target.Mount.Peers is not null)
        {
            foreach (Mount mount in tree) MountPeers.Share(mount);
        }

        // The copies are made of the tree alone, before it can be reached from itself.
        List<MountReceiver> receivers = MountReceivers.At(target.Mount, target.Dentry);
        List<List<Mount>> copies = [];
        foreach (MountReceiver receiver in receivers) copies.Add(CopyFor(receiver, tree));

        HangLocked(tree, target);
        for (int i = 0; i < copies.Count; i++)
        {
            receivers[i].Mount.Namespace!.HangLocked(copies[i], new PathLocation(receivers[i].Mount, target.Dentry));
        }
    }

    /// <summary>What is mounted there already comes to lie atop the new mount.</summary>
    private void HangLocked(List<Mount> tree, PathLocation place)
    {
        Mount top = tree[0];
        Mount? atop = Mounts.FindAt(place);
        Pin(place);
        Mounts.Attach(top, place);
        if (atop is not null) MoveLocked(atop, new PathLocation(top, top.Root));
        AddLocked(tree);
    }

    /// <summary>To another place, which nobody else hears of.</summary>
    private static void MoveLocked(Mount mount, PathLocation place)
    {
        Pin(place);
        PathLocation old = Mounts.Detach(mount);
        Mounts.Attach(mount, place);

        // Not the last pin: what is mounted there now has others.
        old.Unpin();
    }

    private static void Pin(PathLocation place)
    {
        // Under the lock nothing that is in a tree ends.
        bool isPinned = place.TryPin();
        System.Diagnostics.Debug.Assert(isPinned, "a mount point in use went away");
    }

    /// <summary>The mount, or with it all below the place that may be bound.</summary>
    private List<Mount> ListForBindLocked(PathLocation source, bool withSubmounts)
    {
        List<Mount> originals = [source.Mount];
        if (!withSubmounts) return originals;

        source.Mount.Copy = source.Mount;
        foreach (Mount mount in _all)
        {
            if (ReferenceEquals(mount, source.Mount) || mount.IsUnbindable) continue;

            // What hangs below an unbindable mount is left out with it.
            if (mount.Parent is not { Copy: not null } parent) continue;
            bool hangsOnTop = ReferenceEquals(parent, source.Mount);
            if (hangsOnTop && !DirectoryTree.IsBelow(mount.MountPoint!, source.Dentry)) continue;
            mount.Copy = mount;
            originals.Add(mount);
        }

        foreach (Mount mount in originals) mount.Copy = null;
        return originals;
    }

    /// <param name="root">What the copy of the first mount shows.</param>
    private static List<Mount> CopyTree(List<Mount> originals, Dentry root)
    {
        List<Mount> copies = [];
        foreach (Mount original in originals)
        {
            Mount copy = CopyOne(original, copies.Count == 0 ? root : original.Root, copies.Count == 0);
            MountPeers.Inherit(copy, original);
            copies.Add(copy);
        }

        foreach (Mount original in originals) original.Copy = null;
        return copies;
    }

    /// <summary>What a peer, or a slave, of the mount gets where the tree is hung.</summary>
    private static List<Mount> CopyFor(MountReceiver receiver, List<Mount> originals)
    {
        PropagationLevel level = receiver.Level;
        List<Mount> copies = [];
        for (int i = 0; i < originals.Count; i++)
        {
            Mount original = originals[i];
            Mount copy = CopyOne(original, original.Root, i == 0);
            if (receiver.IsMember)
            {
                MountPeers.SetMaster(copy, level.MasterFor(original, i));
                MountPeers.Join(copy, level.GroupFor(original, i, originals.Count));
            }
            else
            {
                MountPeers.SetMaster(copy, level.MasterOfSlave(original, i));
            }

            copies.Add(copy);
        }

        foreach (Mount original in originals) original.Copy = null;
        return copies;
    }

    private static Mount CopyOne(Mount original, Dentry root, bool isTop)
    {
        Mount copy = new(original.Filesystem, root, original.Source, original.Options);
        original.Copy = copy;
        if (isTop) return copy;

        PathLocation place = new(original.Parent!.Copy!, original.MountPoint!);
        Pin(place);
        Mounts.Attach(copy, place);
        return copy;
    }
}
