using System.Collections.Generic;
using Cashew.Abi;

namespace Cashew.Files;

/// <content>What umount2(2) takes away.</content>
public sealed partial class MountNamespace
{
    /// <summary>Takes a mount away; the target is not pinned beyond what others hold.</summary>
    /// <param name="target">Where the path led, without pins.</param>
    /// <param name="mode">What to do when it is in use.</param>
    /// <errors>EINVAL: no mount's root, or the root of all. EBUSY: in use, here or where the unmounting is
    /// heard of, and not lazy. EAGAIN: it expires from now on.</errors>
    public Errno Remove(PathLocation target, UnmountMode mode)
    {
        if (!target.IsMountRoot) return Errno.EINVAL;
        return mode == UnmountMode.Lazily ? RemoveLazily(target.Mount) : RemoveUnused(target.Mount, mode);
    }

    /// <summary>Lets a tree go that only a descriptor has led to; unless it has been attached
    /// meanwhile.</summary>
    internal void Dissolve()
    {
        MountDeparture departure = new();
        using (s_lock.Acquire())
        {
            // Elsewhere nobody hears of it, though there may be peers.
            if (Has(Root)) TakeTreeLocked(TreeOfLocked(Root), departure);
        }

        departure.Finish();
    }

    private Errno RemoveUnused(Mount mount, UnmountMode mode)
    {
        MountDeparture departure = new();
        using (s_lock.Acquire())
        {
            if (mount.Place is not MountPlace place || !Has(mount)) return Errno.EINVAL;
            if (HasChildrenLocked(mount) || mount.IsUsed) return Errno.EBUSY;
            List<Mount> copies = [];
            AddCopiesLocked(place, copies);
            KeepOccupied(copies);
            Errno error = IsAnyUsed(copies) ? Errno.EBUSY : Errno.None;
            if (error == Errno.None && mode == UnmountMode.WhenExpired && !mount.MarkExpiring()) error = Errno.EAGAIN;
            if (error == Errno.None && !mount.TryClose()) error = Errno.EBUSY;
            if (error != Errno.None)
            {
                foreach (Mount copy in copies) copy.IsGoing = false;
                return error;
            }

            Take(mount, departure);
            foreach (Mount copy in copies) Take(copy, departure);
        }

        departure.Finish();
        return Errno.None;
    }

    private Errno RemoveLazily(Mount top)
    {
        MountDeparture departure = new();
        using (s_lock.Acquire())
        {
            if (!Has(top) || top.Place is null) return Errno.EINVAL;
            List<Mount> going = TreeOfLocked(top);
            List<Mount> copies = [];
            foreach (Mount mount in going) mount.IsGoing = true;
            foreach (Mount mount in going)
            {
                if (mount.Place is MountPlace place) AddCopiesLocked(place, copies);
            }

            KeepOccupied(copies);
            going.AddRange(copies);
            foreach (Mount mount in going) Take(mount, departure);
        }

        departure.Finish();
        return Errno.None;
    }

    private static bool IsAnyUsed(List<Mount> copies)
    {
        foreach (Mount copy in copies)
        {
            // What is mounted atop has a pin, too, and will come down.
            if (copy.IsUsedBeyond(Mounts.FindAtop(copy) is null ? 0 : 1)) return true;
        }

        return false;
    }

    /// <summary>Adds what is mounted at the same place in mounts that hear of this one, and marks it as
    /// going.</summary>
    private static void AddCopiesLocked(MountPlace place, List<Mount> copies)
    {
        foreach (MountReceiver receiver in MountReceivers.At(place.Parent, place.Point))
        {
            if (Mounts.FindAt(new PathLocation(receiver.Mount, place.Point)) is not { IsGoing: false } copy) continue;
            copy.IsGoing = true;
            copies.Add(copy);
        }
    }

    /// <summary>Takes those from the list that somebody has mounted something on, which stays; and so on
    /// up.</summary>
    private static void KeepOccupied(List<Mount> copies)
    {
        bool hasChanged;
        do
        {
            hasChanged = false;
            for (int i = copies.Count - 1; i >= 0; i--)
            {
                if (!IsOccupied(copies[i])) continue;
                copies[i].IsGoing = false;
                copies.RemoveAt(i);
                hasChanged = true;
            }
        }
        while (hasChanged);
    }

    private static bool IsOccupied(Mount mount)
    {
        Mount? atop = Mounts.FindAtop(mount);
        foreach (Mount other in mount.Namespace!._all)
        {
            if (ReferenceEquals(other.Parent, mount) && !other.IsGoing && !ReferenceEquals(other, atop)) return true;
        }

        return false;
    }

    /// <summary>Takes a mount from its tree. What lies atop, and stays, comes down to its place.</summary>
    private static void Take(Mount mount, MountDeparture departure)
    {
        PathLocation old = default;
        if (mount.Place is not null)
        {
            Mount? atop = Mounts.FindAtop(mount);
            old = Mounts.Detach(mount);
            if (atop is { IsGoing: false }) MoveLocked(atop, old);
        }

        mount.Namespace!._all.Remove(mount);
        mount.Namespace.NoteChangeLocked();
        mount.Namespace = null;
        mount.IsGoing = false;
        MountPeers.Separate(mount);
        departure.Add(mount, old);
    }
}
