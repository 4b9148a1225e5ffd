using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Memory;

/// <content>mremap(2)</content>
public sealed partial class AddressSpace
{
    /// <summary>Makes a mapping longer, shorter, or puts it elsewhere with its pages.</summary>
    /// <param name="newAddress">Where to with <see cref="RemapFlags.Fixed"/>; a wish with DontUnmap
    /// alone.</param>
    /// <errors>
    /// EINVAL: flags that do not go together, addresses off page boundaries, no new length, overlapping
    /// ranges, or no old length for a private mapping. EFAULT: nothing is mapped there, or the range spans
    /// several mappings. ENOMEM: no room without moving, a limit, or no memory. EAGAIN: RLIMIT_MEMLOCK.
    /// </errors>
    /// <source>mremap(2)</source>
    public bool TryRemap(
        UserAddress oldAddress,
        ulong oldLengthBytes,
        ulong newLengthBytes,
        RemapFlags flags,
        UserAddress newAddress,
        MapFlags permission,
        out UserAddress at,
        out Errno error)
    {
        at = default;
        error = CheckRemap(oldAddress, newLengthBytes, flags, RoundUp(oldLengthBytes), RoundUp(newLengthBytes));
        if (error != Errno.None) return false;

        Remapping remapping = new()
        {
            Old = oldAddress,
            OldLength = RoundUp(oldLengthBytes),
            New = newAddress,
            NewLength = RoundUp(newLengthBytes),
            Flags = flags,
            Permission = permission,
        };
        VmaGarbage garbage = default;
        bool isLocked = false;
        using (SleepLock.Guard guard = _changes.Acquire())
        {
            error = RemapLocked(ref remapping, ref garbage, out at);
            if (error == Errno.None) isLocked = _mappings.Tree.FindAtOrAbove(at)!.IsLocked;
        }

        garbage.Release();
        if (error != Errno.None) return false;
        if (isLocked && remapping.NewLength > remapping.OldLength)
            _ = Populate(at + remapping.OldLength, at + remapping.NewLength, PopulateAccess.AsMapped);
        return true;
    }

    private static Errno CheckRemap(
        UserAddress oldAddress, ulong newLengthBytes, RemapFlags flags, ulong oldLength, ulong newLength)
    {
        const RemapFlags Known = RemapFlags.MayMove | RemapFlags.Fixed | RemapFlags.DontUnmap;

        bool mayMove = (flags & RemapFlags.MayMove) != 0;
        if ((flags & ~Known) != 0) return Errno.EINVAL;
        if (!mayMove && (flags & (RemapFlags.Fixed | RemapFlags.DontUnmap)) != 0) return Errno.EINVAL;
        if ((flags & RemapFlags.DontUnmap) != 0 && oldLength != newLength) return Errno.EINVAL;
        if (oldAddress.PageOffset != 0) return Errno.EINVAL;
        return newLength == 0 || newLengthBytes > UserAddress.LimitValue ? Errno.EINVAL : Errno.None;
    }

    private Errno RemapLocked(ref Remapping remapping, ref VmaGarbage garbage, out UserAddress at)
    {
        at = remapping.Old;
        Vma? vma = _mappings.Tree.FindAtOrAbove(remapping.Old);
        if (vma is null || !vma.Contains(remapping.Old)) return Errno.EFAULT;

        bool mustMove = (remapping.Flags & (RemapFlags.Fixed | RemapFlags.DontUnmap)) != 0;
        Errno error = mustMove ? PrepareNewPlace(in remapping, ref garbage) : Errno.None;
        if (error == Errno.None) error = CutOld(ref remapping, ref garbage);
        if (error != Errno.None) return error;
        if (!mustMove && remapping.OldLength == remapping.NewLength) return Errno.None;

        vma = _mappings.Tree.FindAtOrAbove(remapping.Old)!;
        error = CheckResize(vma, in remapping);
        if (error != Errno.None) return error;
        if (!mustMove && CanExtend(vma, in remapping)) return ExtendMapping(vma, in remapping, ref garbage);
        if ((remapping.Flags & RemapFlags.MayMove) == 0) return Errno.ENOMEM;
        return MoveMapping(vma, in remapping, ref garbage, out at);
    }

    /// <summary>Checks the place that the caller has chosen, and frees it if it is an order.</summary>
    private Errno PrepareNewPlace(in Remapping remapping, ref VmaGarbage garbage)
    {
        if (remapping.New.PageOffset != 0) return Errno.EINVAL;
        if (remapping.New.Value > UserAddress.LimitValue - remapping.NewLength) return Errno.EINVAL;

        bool overlaps = remapping.Old.Value + remapping.OldLength > remapping.New.Value
            && remapping.New.Value + remapping.NewLength > remapping.Old.Value;
        if (overlaps) return Errno.EINVAL;
        if ((remapping.Flags & RemapFlags.Fixed) == 0) return Errno.None;

        bool isTooLow = remapping.New.Value < Placement.LowestAddress;
        if (isTooLow && (remapping.Permission & MapFlags.AllowLowest) == 0) return Errno.EPERM;
        return _mappings.Remove(remapping.New, remapping.New + remapping.NewLength, ref garbage);
    }

    /// <summary>What is too long goes first, wherever the rest will be.</summary>
    private Errno CutOld(ref Remapping remapping, ref VmaGarbage garbage)
    {
        if (remapping.OldLength <= remapping.NewLength) return Errno.None;
        if (!IsUserRange(remapping.Old, remapping.OldLength)) return Errno.EINVAL;

        UserAddress cut = remapping.Old + remapping.NewLength;
        Errno error = _mappings.Remove(cut, remapping.Old + remapping.OldLength, ref garbage);
        if (error == Errno.None) remapping.OldLength = remapping.NewLength;
        return error;
    }

    private Errno CheckResize(Vma vma, in Remapping remapping)
    {
        // No old length: a second view of the same object, which private memory has not.
        if (remapping.OldLength == 0 && !vma.IsShared) return Errno.EINVAL;
        if (remapping.OldLength > vma.End - remapping.Old) return Errno.EFAULT;
        if ((vma.Flags & VmaFlags.Special) != 0 && remapping.OldLength != remapping.NewLength) return Errno.EFAULT;

        bool keepsOld = (remapping.Flags & RemapFlags.DontUnmap) != 0;
        ulong moreBytes = keepsOld ? remapping.NewLength : remapping.NewLength - remapping.OldLength;
        long more = (long)(moreBytes / PageBytes);
        long last = vma.Source is null ? 0 : vma.PageAt(remapping.Old) + (long)(remapping.NewLength / PageBytes);
        if (last > long.MaxValue / (long)PageBytes) return Errno.EINVAL;
        if (!IsLockingAllowed(vma.Flags, more, remapping.Permission)) return Errno.EAGAIN;
        return MayExpand(more, SpaceSizes.IsData(vma.Rights, vma.Flags) ? more : 0) ? Errno.None : Errno.ENOMEM;
    }

    private static bool CanExtend(Vma vma, in Remapping remapping)
    {
        if (remapping.OldLength != vma.End - remapping.Old) return false;
        if (remapping.NewLength > UserAddress.LimitValue - remapping.Old.Value) return false;
        return vma.Next is null || remapping.Old.Value + remapping.NewLength <= vma.Next.StartWithGuard;
    }

    private Errno ExtendMapping(Vma vma, in Remapping remapping, ref VmaGarbage garbage)
    {
        long more = (long)((remapping.NewLength - remapping.OldLength) / PageBytes);
        if (vma.IsAccounted && !Commitment.TryAdd(more)) return Errno.ENOMEM;

        _mappings.Extend(vma, remapping.Old + remapping.NewLength);
        _mappings.MergeRange(vma.Start, vma.End, ref garbage);
        return Errno.None;
    }

    private Errno MoveMapping(Vma vma, in Remapping remapping, ref VmaGarbage garbage, out UserAddress at)
    {
        at = remapping.New;
        bool hasPlace = (remapping.Flags & RemapFlags.Fixed) != 0;
        bool hasWish = (remapping.Flags & RemapFlags.DontUnmap) != 0;
        MapRequest wish = new() { Address = hasWish ? remapping.New : default };
        if (!hasPlace && !FindRoom(in wish, remapping.NewLength, out at)) return Errno.ENOMEM;

        // The copy, and two splits of the old mapping, must not fail when pages have moved.
        if (_mappings.Tree.Count + 3 > Placement.MaximumMappings) return Errno.ENOMEM;
        UserAddress oldEnd = remapping.OldLength == 0 ? vma.End : remapping.Old + remapping.OldLength;
        if (!_mappings.TryIsolate(vma, remapping.Old, oldEnd, out vma, out Errno error)) return error;
        if (!Vma.TryCreate(_pages, out Vma? moved)) return Errno.ENOMEM;

        long pages = (long)(remapping.NewLength / PageBytes);
        if (vma.IsAccounted && !Commitment.TryAdd(pages)) return Errno.ENOMEM;

        moved.CopyFrom(vma, remapping.Old, remapping.Old + remapping.NewLength);
        moved.Start = at;
        moved.End = at + remapping.NewLength;
        moved.File?.RetainMapping();
        return MovePages(vma, moved, in remapping, ref garbage);
    }

    private Errno MovePages(Vma vma, Vma moved, in Remapping remapping, ref VmaGarbage garbage)
    {
        PageMove move = new(remapping.Old, remapping.OldLength);
        if (!_mappings.AddWithPages(moved, move))
        {
            // The pages are back where they were. The new mapping goes as a whole, which cannot fail.
            _ = _mappings.Remove(moved.Start, moved.End, ref garbage);
            return Errno.ENOMEM;
        }

        if (remapping.OldLength == 0) return Errno.None;
        if ((remapping.Flags & RemapFlags.DontUnmap) == 0)
        {
            // One whole mapping by now, so nothing has to be split and nothing can fail.
            _ = _mappings.Remove(vma.Start, vma.End, ref garbage);
        }
        else if (vma.IsLocked)
        {
            _mappings.SetAttributes(vma, vma.Rights, vma.Flags & ~LockFlags);
        }

        _mappings.MergeRange(moved.Start, moved.End, ref garbage);
        return Errno.None;
    }

    private struct Remapping
    {
        internal UserAddress Old;
        internal ulong OldLength;
        internal UserAddress New;
        internal ulong NewLength;
        internal RemapFlags Flags;
        internal MapFlags Permission;
    }

    private readonly struct PageMove(UserAddress from, ulong lengthBytes) : IPageTransfer
    {
        public bool TryTransfer(Vma to) => to.Pages.TryMove(from, to.Start, lengthBytes);
    }
}
