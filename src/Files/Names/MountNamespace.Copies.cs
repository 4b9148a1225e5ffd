using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Cashew.Abi;
using Cashew.Files.Systems;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Files;

/// <content>Namespaces that begin as copies of others, and end with their last user.</content>
public sealed partial class MountNamespace
{
    /// <summary>Each is one more mount on the same entries, which whoever passes there looks at.</summary>
    /// <source>/proc/sys/user/max_mnt_namespaces.</source>
    public const int MostNamespaces = 200;

    /// <source>Linux's number of the first one.</source>
    private const uint FirstNumber = 0xF000_0001;

    private static uint s_lastNumber = FirstNumber;
    private static int s_count;

    // Those whose mounts are still to go.
    private static MountNamespace? s_firstEnded;
    private static bool s_isEnding;

    private MountNamespace? _nextEnded;

    /// <summary>A namespace of copies; one user is the caller's.</summary>
    private MountNamespace(List<Mount> mounts, uint number)
    {
        Root = mounts[0];
        Inode = new MountNamespaceInode(number, this);

        // Users alone keep it.
        _ = TryRetain();
        Inode.DropLinks();
        AddLocked(mounts);
    }

    /// <summary>A copy of all mounts, each a peer of the original where that is shared, and a slave where
    /// that is one.</summary>
    /// <param name="places">Where a process is, pinned; each becomes the same place in the copy.</param>
    /// <errors>ENOSPC: as many as may be. ENOMEM.</errors>
    /// <source>clone(2), CLONE_NEWNS; mount_namespaces(7).</source>
    internal bool TryCopy(
        Span<PathLocation> places, [NotNullWhen(true)] out MountNamespace? copy, out Errno error)
    {
        copy = null;
        PathLocation[] left = new PathLocation[places.Length];
        using (s_lock.Acquire())
        {
            List<Mount> originals = WithoutNamespaces(TreeOfLocked(Root));
            error = CheckCopyLocked(originals);
            if (error != Errno.None) return false;

            List<Mount> copies = CopyTree(originals, Root.Root, keepsNotes: true);
            for (int i = 0; i < places.Length; i++) left[i] = MoveToCopy(ref places[i]);
            ForgetCopies(originals);
            s_count++;
            copy = new MountNamespace(copies, ++s_lastNumber);
        }

        // They may be the last pins: of the caller's root, if that was unmounted meanwhile.
        foreach (PathLocation place in left) place.Unpin();
        return true;
    }

    /// <summary>One more user; false when the last one has gone.</summary>
    internal bool TryRetain() => Inode!.TryAddUser();

    /// <locking>May sleep: the last one ends all mounts.</locking>
    internal void Release() => Inode!.ReleaseUser();

    /// <summary>The place that "/" is to begin with for who joins, pinned.</summary>
    internal PathLocation PinRoot()
    {
        using SleepLock.Guard guard = s_lock.Acquire();
        PathLocation root = RootLocation;
        Pin(root);
        return root;
    }

    /// <summary>Nobody uses the namespace any more: its mounts go, and nobody hears of it.</summary>
    /// <remarks>Among the mounts there may be the last of another namespace, and so on: whoever ends the
    /// first one goes through them all, one after the other.</remarks>
    internal void End()
    {
        using (s_lock.Acquire())
        {
            s_count--;
            _nextEnded = s_firstEnded;
            s_firstEnded = this;
            if (s_isEnding) return;
            s_isEnding = true;
        }

        while (TryTakeEnded(out MountDeparture? departure)) departure.Finish();
    }

    private static bool TryTakeEnded([NotNullWhen(true)] out MountDeparture? departure)
    {
        departure = null;
        using SleepLock.Guard guard = s_lock.Acquire();
        MountNamespace? ended = s_firstEnded;
        s_isEnding = ended is not null;
        if (ended is null) return false;
        s_firstEnded = ended._nextEnded;
        departure = new MountDeparture();
        TakeTreeLocked(ended.TreeOfLocked(ended.Root), departure);
        return true;
    }

    /// <summary>An entry has lost its name: what other namespaces have mounted there goes.</summary>
    /// <source>mount_namespaces(7), "Restrictions on mount namespaces".</source>
    internal static void Uncover(Dentry point)
    {
        if (point.MountsHere is null) return;
        MountDeparture departure = new();
        using (s_lock.Acquire())
        {
            foreach (Mount mount in point.MountsHere ?? [])
            {
                if (mount.Namespace is MountNamespace mounts) TakeTreeLocked(mounts.TreeOfLocked(mount), departure);
            }
        }

        departure.Finish();
    }

    private static Errno CheckCopyLocked(List<Mount> originals)
    {
        if (s_count >= MostNamespaces) return Errno.ENOSPC;
        if (!HasRoomForCopies(originals)) return Errno.ENOSPC;
        return KernelObjects.MayCreateName() ? Errno.None : Errno.ENOMEM;
    }

    /// <summary>Whether the places of mounts take one more each.</summary>
    private static bool HasRoomForCopies(List<Mount> originals)
    {
        foreach (Mount mount in originals)
        {
            if (mount.MountPoint?.MountsHere is { Length: >= MostMountsHere }) return false;
        }

        return true;
    }

    private static List<Mount> WithoutNamespaces(List<Mount> tree)
    {
        List<Mount> rest = [];
        foreach (Mount mount in tree)
        {
            // What hangs on one is left out with it.
            if (IsNamespaceFile(mount) || mount.Parent is { Copy: null }) continue;
            mount.Copy = mount;
            rest.Add(mount);
        }

        ForgetCopies(rest);
        return rest;
    }

    /// <summary>To the same place in the copy of its mount, if there is one; what it was before is returned
    /// with its pins.</summary>
    private static PathLocation MoveToCopy(ref PathLocation place)
    {
        if (place.Mount.Copy is not Mount copy) return default;
        PathLocation old = place;
        place = new PathLocation(copy, old.Dentry);
        Pin(place);
        return old;
    }

    /// <param name="tree">Parents before their children.</param>
    private static void TakeTreeLocked(List<Mount> tree, MountDeparture departure)
    {
        foreach (Mount mount in tree) mount.IsGoing = true;
        foreach (Mount mount in tree) Take(mount, departure);
    }
}
