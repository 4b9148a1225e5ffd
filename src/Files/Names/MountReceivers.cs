using System.Collections.Generic;

namespace Cashew.Files;

/// <summary>Who hears of what is mounted at a place of a shared mount: its peers, their slaves, the slaves'
/// peers, and so on.</summary>
/// <locking>Under the lock of <see cref="MountNamespace"/>.</locking>
internal static class MountReceivers
{
    /// <summary>All but the mount itself, those above before those below.</summary>
    internal static List<MountReceiver> Of(Mount mount)
    {
        List<MountReceiver> receivers = [];
        if (mount.Peers is null) return receivers;

        // A list and no recursion: how deep masters have masters, programs decide.
        uint round = PeerGroup.BeginRound();
        List<PropagationLevel> levels = [new PropagationLevel(mount.Peers, null)];
        _ = mount.Peers.TryEnter(round);
        for (int i = 0; i < levels.Count; i++)
        {
            PropagationLevel level = levels[i];
            foreach (Mount member in level.Group.Members)
            {
                if (!ReferenceEquals(member, mount)) receivers.Add(new MountReceiver(member, level));
            }

            foreach (Mount slave in level.Group.Slaves)
            {
                if (slave.Peers is null) receivers.Add(new MountReceiver(slave, level));
                else if (slave.Peers.TryEnter(round)) levels.Add(new PropagationLevel(slave.Peers, level));
            }
        }

        return receivers;
    }

    /// <summary>Those of them that show the place, and are part of a tree that processes live in.</summary>
    internal static List<MountReceiver> At(Mount mount, Dentry point)
    {
        List<MountReceiver> showing = [];
        foreach (MountReceiver receiver in Of(mount))
        {
            bool isInTree = receiver.Mount.Namespace is { IsDetached: false };
            if (isInTree && DirectoryTree.IsBelow(point, receiver.Mount.Root)) showing.Add(receiver);
        }

        return showing;
    }
}
