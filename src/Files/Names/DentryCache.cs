using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files;

/// <summary>Keeps the number of remembered names bounded: anybody can ask for any number of names that do not
/// exist, and each answer is remembered.</summary>
/// <remarks>The second-chance algorithm: all cached dentries are on a ring, a hand goes round while there are
/// too many, and drops those that nobody has looked at since it came by last and that nobody has pinned. The
/// limit is soft: what is pinned stays.</remarks>
/// <locking>The ring has a spin lock of its own. Insertion and removal are called with the lock of the
/// directory's inode held.
/// </locking>
internal static class DentryCache
{
    private const int MinimumLimit = 1024;
    private const int MaximumLimit = 1 << 22;

    // A dentry with its name takes some 200 bytes: one for eight frames is half a percent of memory.
    private const int FramesPerDentry = 8;

    // How far the hand goes for one insertion. Two steps would do in the long run; more keeps up after a
    // burst of pins.
    private const int StepsPerInsertion = 8;

    private static readonly SpinLock s_lock = new(LockRank.DentryRing);
    private static Dentry? s_hand;
    private static int s_count;
    private static int s_limit = MinimumLimit;

    internal static int Count => s_count;
    internal static int Limit { get => s_limit; set => s_limit = value; }

    internal static void Initialize()
    {
        s_limit = (int)Math.Clamp(Frame.TotalCount / FramesPerDentry, MinimumLimit, MaximumLimit);
        DentryTable.Initialize(s_limit);
    }

    /// <summary>Makes a new dentry findable; false when the parent has been dropped from the cache in the
    /// meantime.</summary>
    internal static bool TryInsert(Dentry parent, Dentry child)
    {
        if (!parent.TryPin()) return false;

        child.HoldsParent = true;
        DentryTable.Add(parent, child, child.Place.Hash);
        using (s_lock.Acquire()) LinkLocked(child);
        if (s_count > s_limit) Sweep(null, StepsPerInsertion);
        return true;
    }

    /// <summary>The name is gone; whoever holds the dentry keeps it, and through it the parent. The caller
    /// has pinned it.
    /// </summary>
    internal static void Unlink(Dentry dentry)
    {
        DentryPlace place = dentry.Place;
        if (place.Parent is null) return;

        DentryTable.Remove(place.Parent, dentry, place.Hash);
        dentry.MarkUnlinked();
        using (s_lock.Acquire()) UnlinkLocked(dentry);
    }

    /// <summary>Drops a negative dentry that has been found wrong: a file is being made under its
    /// name.</summary>
    internal static void Forget(Dentry negative)
    {
        if (negative.TryPin())
        {
            Unlink(negative);
            negative.Unpin();
        }
    }

    /// <summary>A name leads to a file that is gone. Who removes one takes its name from the cache right
    /// away; but a file of an overlay may have got another name by what was done to the layers past it. Then
    /// the name has to be looked up anew.</summary>
    /// <param name="location">Pinned.</param>
    /// <errors>ESTALE: try again. ENOENT: it has no name.</errors>
    /// <locking>Takes the lock of the directory.</locking>
    internal static Errno ForgetRemoved(PathLocation location)
    {
        Dentry dentry = location.Dentry;
        if (dentry.Parent?.Inode?.Lock is not SleepLock directory) return Errno.ENOENT;
        using SleepLock.Guard guard = directory.Acquire();
        bool isStillThere = ReferenceEquals(dentry.Parent?.Inode?.Lock, directory) && !dentry.IsUnlinked;
        if (isStillThere) Unlink(dentry);
        return Errno.ESTALE;
    }

    /// <summary>Another name or parent; both directories' locks are held, and the dentry is pinned.</summary>
    internal static bool TryMove(Dentry dentry, Dentry newParent, byte[] newName, uint newHash)
    {
        if (!newParent.TryPin()) return false;

        DentryPlace old = dentry.Place;
        DentryTable.Remove(old.Parent!, dentry, old.Hash);
        dentry.MoveTo(new DentryPlace(newParent, newName, newHash));
        DentryTable.Add(newParent, dentry, newHash);
        old.Parent!.Unpin();
        return true;
    }

    /// <summary>Drops whatever nobody has looked at since the last time, or since the hand came by: memory is
    /// short.</summary>
    internal static void DropUnused() => Sweep(null, s_count);

    /// <summary>Drops what the cache holds of a file system that is going.</summary>
    internal static void Prune(Filesystem filesystem)
    {
        // Somebody may have held an entry that he lets go of meanwhile; a round that drops nothing is the
        // last.
        int before;
        do
        {
            before = s_count;
            Sweep(filesystem, before);
        }
        while (s_count < before);
    }

    /// <summary>Moves the hand; drops unused dentries, or those of one file system whether used or
    /// not.</summary>
    private static void Sweep(Filesystem? only, int steps)
    {
        for (; steps > 0; steps--)
        {
            Dentry? victim;
            using (s_lock.Acquire()) victim = StepLocked(only);

            // A directory goes with its last entry: the hand meets it first, and would have to come by again
            // for each level of a deep tree.
            while (victim is not null)
            {
                DentryPlace place = victim.Place;
                DentryTable.Remove(place.Parent!, victim, place.Hash);
                place.Parent!.Unpin();
                using (s_lock.Acquire()) victim = place.Parent.RingNext is null ? null : TryTakeLocked(place.Parent, only);
            }
        }
    }

    private static Dentry? StepLocked(Filesystem? only)
    {
        Dentry? candidate = s_hand;
        if (candidate is null) return null;
        s_hand = candidate.RingNext;
        return TryTakeLocked(candidate, only);
    }

    /// <summary>Ends a dentry of the ring, if it may go.</summary>
    private static Dentry? TryTakeLocked(Dentry candidate, Filesystem? only)
    {
        if (only is null)
        {
            if (candidate.TakeUsed()) return null;
        }
        else if (!ReferenceEquals((candidate.Inode ?? candidate.Parent!.Inode!).Filesystem, only))
        {
            return null;
        }

        if (!candidate.TryKill()) return null;
        UnlinkLocked(candidate);
        return candidate;
    }

    // Behind the hand: it comes by after all others.
    private static void LinkLocked(Dentry dentry)
    {
        s_count++;
        if (s_hand is null)
        {
            dentry.RingNext = dentry;
            dentry.RingPrevious = dentry;
            s_hand = dentry;
            return;
        }

        Dentry last = s_hand.RingPrevious!;
        dentry.RingNext = s_hand;
        dentry.RingPrevious = last;
        last.RingNext = dentry;
        s_hand.RingPrevious = dentry;
    }

    private static void UnlinkLocked(Dentry dentry)
    {
        if (dentry.RingNext is null) return;

        s_count--;
        if (ReferenceEquals(dentry.RingNext, dentry))
        {
            s_hand = null;
        }
        else
        {
            if (ReferenceEquals(s_hand, dentry)) s_hand = dentry.RingNext;
            dentry.RingPrevious!.RingNext = dentry.RingNext;
            dentry.RingNext.RingPrevious = dentry.RingPrevious;
        }

        dentry.RingNext = null;
        dentry.RingPrevious = null;
    }
}
