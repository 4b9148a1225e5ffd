using System.Collections.Generic;
using Cashew.Files.Systems;

namespace Cashew.Files;

/// <content>Copies of trees of mounts, and where they are hung. A tree is a list with parents before their
/// children. Whoever calls has checked that there is room, so that nothing fails.</content>
public sealed partial class MountNamespace
{
    /// <summary>Hangs a tree on a place; and copies of it wherever the place's peers and their slaves
    /// are.</summary>
    /// <source>mount_namespaces(7); Linux's description of shared subtrees, "Bind semantics", "Move
    /// semantics".</source>
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
        => withSubmounts ? WalkLocked(source.Mount, new BoundPart(source.Dentry)) : [source.Mount];

    /// <param name="root">What the copy of the first mount shows.</param>
    /// <param name="keepsNotes">The originals still know their copies afterwards.</param>
    private static List<Mount> CopyTree(List<Mount> originals, Dentry root, bool keepsNotes = false)
    {
        List<Mount> copies = [];
        foreach (Mount original in originals)
        {
            Mount copy = CopyOne(original, copies.Count == 0 ? root : original.Root, copies.Count == 0);
            MountPeers.Inherit(copy, original);
            copy.IsUnbindable = original.IsUnbindable;
            copies.Add(copy);
        }

        if (!keepsNotes) ForgetCopies(originals);
        return copies;
    }

    private static void ForgetCopies(List<Mount> originals)
    {
        foreach (Mount original in originals) original.Copy = null;
    }

    /// <summary>What a peer, or a slave, of the mount gets where the tree is hung.</summary>
    private static List<Mount> CopyFor(MountReceiver receiver, List<Mount> originals)
    {
        PropagationLevel level = receiver.Level;
        List<Mount> copies = [];
        for (int i = 0; i < originals.Count; i++)
        {
            Mount original = originals[i];
            if (i > 0 && (IsNamespaceFile(original) || original.Parent!.Copy is null)) continue;
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

        ForgetCopies(originals);
        return copies;
    }

    /// <summary>Namespaces of mounts that are mounted are not copied with what they lie in: one of them could
    /// come to hold itself.</summary>
    private static bool IsNamespaceFile(Mount mount) => mount.Root.Inode is MountNamespaceInode;

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
