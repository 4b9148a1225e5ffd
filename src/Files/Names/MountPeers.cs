namespace Cashew.Files;

/// <summary>Which group a mount is in, and which one is its master.</summary>
/// <locking>Under the lock of <see cref="MountNamespace"/>.</locking>
internal static class MountPeers
{
    internal static void Set(Mount mount, Propagation propagation)
    {
        switch (propagation)
        {
            case Propagation.Shared:
                Share(mount);
                break;
            case Propagation.Slave:
                Enslave(mount);
                break;
            default:
                Separate(mount);
                mount.IsUnbindable = propagation == Propagation.Unbindable;
                break;
        }
    }

    /// <summary>Makes the mount shared, in a group of its own unless it has one. It stays a slave if it is
    /// one.</summary>
    internal static void Share(Mount mount)
    {
        if (mount.Peers is null) Join(mount, new PeerGroup());
        mount.IsUnbindable = false;
    }

    internal static void Join(Mount mount, PeerGroup group)
    {
        mount.Peers = group;
        group.Members.Add(mount);
    }

    internal static void SetMaster(Mount mount, PeerGroup? master)
    {
        mount.Master?.Slaves.Remove(mount);
        mount.Master = master;
        master?.Slaves.Add(mount);
    }

    /// <summary>A copy hears of what the original hears of, and tells whom it tells.</summary>
    internal static void Inherit(Mount copy, Mount original)
    {
        if (original.Peers is not null) Join(copy, original.Peers);
        SetMaster(copy, original.Master);
    }

    /// <summary>Neither shared nor a slave any more.</summary>
    internal static void Separate(Mount mount)
    {
        Leave(mount);
        SetMaster(mount, null);
    }

    // Without peers, there is nobody to be a slave of, except the master that it may have already.
    private static void Enslave(Mount mount)
    {
        PeerGroup? group = mount.Peers;
        Leave(mount);
        if (group is { Members.Count: > 0 }) SetMaster(mount, group);
    }

    /// <summary>The slaves of a group that ends hear from its master from then on, if it has one.</summary>
    private static void Leave(Mount mount)
    {
        if (mount.Peers is not PeerGroup group) return;
        mount.Peers = null;
        group.Members.Remove(mount);
        if (group.Members.Count > 0) return;

        Mount[] slaves = group.Slaves.ToArray();
        foreach (Mount slave in slaves) SetMaster(slave, mount.Master);
    }
}
