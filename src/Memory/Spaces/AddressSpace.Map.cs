using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Memory;

/// <content>mmap(2)</content>
public sealed partial class AddressSpace
{
    private const ulong PageBytes = UserAddress.PageSizeBytes;

    /// <summary>Makes a mapping.</summary>
    /// <errors>
    /// EINVAL: no length, a fixed address off a page boundary, or a combination that does not exist. ENOMEM:
    /// no room, a limit, or too many mappings. EOVERFLOW: the file would have to be too long. EPERM: too low
    /// an address, or execution from a file system that forbids it. EEXIST: FixedNoReplace and something is
    /// there.
    /// EAGAIN: RLIMIT_MEMLOCK. EACCES: the file is not open for that. ENODEV: the file cannot be mapped.
    /// </errors>
    /// <source>mmap(2); the order of checks is Linux's.</source>
    /// <locking>Sleeps.</locking>
    public bool TryMap(in MapRequest request, out UserAddress at, out Errno error)
    {
        ulong lengthBytes = RoundUp(request.LengthBytes);
        Backing backing = Backing.Open(in request, lengthBytes);
        VmaGarbage garbage = default;
        bool isLocked = false;
        using (SleepLock.Guard guard = _changes.Acquire())
        {
            error = MapLocked(in request, lengthBytes, in backing, ref garbage, out at);
            if (error == Errno.None) isLocked = _mappings.Tree.FindAtOrAbove(at)!.IsLocked;
        }

        backing.Settle(in request);
        garbage.Release();
        if (error != Errno.None)
        {
            backing.Release();
            return false;
        }

        // The mapping stands whether or not its pages can be had now; touching them later will tell.
        if (isLocked || request.Has(MapFlags.Populate)) _ = Populate(at, at + lengthBytes, PopulateAccess.AsMapped);
        return true;
    }

    private static ulong RoundUp(ulong lengthBytes) => (lengthBytes + (PageBytes - 1)) & ~(PageBytes - 1);

    private Errno MapLocked(
        in MapRequest request, ulong lengthBytes, in Backing backing, ref VmaGarbage garbage, out UserAddress at)
    {
        at = default;
        if (request.LengthBytes == 0) return Errno.EINVAL;
        if (lengthBytes == 0) return Errno.ENOMEM;
        long pages = (long)(lengthBytes / PageBytes);
        if (_mappings.IsFull) return Errno.ENOMEM;

        Errno error = Place(in request, lengthBytes, out at);
        if (error != Errno.None) return error;
        UserAddress end = at + lengthBytes;
        if (request.Has(MapFlags.FixedNoReplace) && _mappings.Tree.FindOverlap(at, end) is not null)
            return Errno.EEXIST;

        VmaFlags flags = FlagsOf(in request);
        error = CheckLocking(in request, flags, pages);
        if (error == Errno.None) error = backing.Check(in request, pages);
        if (error != Errno.None) return error;

        SpaceSizes replaced = MeasureRange(at, end);
        long dataPages = SpaceSizes.IsData(request.Rights, flags) ? pages - replaced.Data : 0;
        if (!MayExpand(pages - replaced.Total, dataPages)) return Errno.ENOMEM;

        // Who has more than he may have gets nothing new, even in the place of something as large: so Linux.
        bool isOver = (ulong)_mappings.Sizes.Total > Limits.AddressSpaceBytes / PageBytes;
        if (isOver && pages >= replaced.Total) return Errno.ENOMEM;

        return Commit(in request, at, end, flags, in backing, ref garbage);
    }

    /// <summary>The part of mmap that changes something; promises and the object come first.</summary>
    private Errno Commit(
        in MapRequest request,
        UserAddress at,
        UserAddress end,
        VmaFlags flags,
        in Backing backing,
        ref VmaGarbage garbage)
    {
        if (!Vma.TryCreate(_pages, out Vma? vma)) return Errno.ENOMEM;

        vma.Start = at;
        vma.End = end;
        vma.Rights = request.Rights;
        vma.MaximumRights = backing.MaximumRights(in request);
        vma.Flags = flags;
        vma.Source = backing.Source;
        vma.File = backing.File;
        // Memory made for this very mapping begins with it, whatever offset was given.
        vma.FirstPage = backing.Source is null || backing.IsNew(in request) ? 0 : request.FirstPage;
        if (MustAccount(vma.Rights, vma.Flags))
        {
            if (!Commitment.TryAdd(vma.PageCount)) return Errno.ENOMEM;
            vma.Flags |= VmaFlags.Accounted;
        }

        Errno error = _mappings.Remove(at, end, ref garbage);
        if (error != Errno.None)
        {
            if (vma.IsAccounted) Commitment.Remove(vma.PageCount);
            return error;
        }

        _ = _mappings.Add(vma, ref garbage);
        return Errno.None;
    }

    private VmaFlags FlagsOf(in MapRequest request)
    {
        VmaFlags flags = _futureFlags;
        if (request.Has(MapFlags.Shared)) flags |= VmaFlags.Shared;
        if (request.Has(MapFlags.GrowsDown)) flags |= VmaFlags.GrowsDown;
        if (request.Has(MapFlags.Stack)) flags |= VmaFlags.Stack;
        if (request.Has(MapFlags.NoReserve) && Commitment.Mode != OvercommitMode.Never) flags |= VmaFlags.NoReserve;
        if (request.Has(MapFlags.Locked)) flags |= VmaFlags.Locked;
        if (request.Has(MapFlags.Special)) flags = (flags & ~LockFlags) | VmaFlags.Special;
        return flags;
    }

    /// <summary>Private writable memory is promised; shared memory is promised as an object, once.</summary>
    private static bool MustAccount(PageRights rights, VmaFlags flags) =>
        (rights & PageRights.Write) != 0 && (flags & (VmaFlags.Shared | VmaFlags.NoReserve | VmaFlags.Special)) == 0;

    /// <summary>Whether RLIMIT_AS and RLIMIT_DATA allow this many pages more.</summary>
    private bool MayExpand(long pages, long dataPages)
    {
        SpaceSizes sizes = _mappings.Sizes;
        return IsWithin(sizes.Total, pages, Limits.AddressSpaceBytes) && IsWithin(sizes.Data, dataPages, Limits.DataBytes);
    }

    private static bool IsWithin(long now, long more, ulong limitBytes) =>
        more <= 0 || (ulong)(now + more) <= limitBytes / PageBytes;

    /// <summary>What a range holds now: a fixed mapping replaces it.</summary>
    private SpaceSizes MeasureRange(UserAddress start, UserAddress end)
    {
        SpaceSizes sizes = default;
        for (Vma? vma = _mappings.Tree.FindOverlap(start, end); vma is not null && vma.Start < end; vma = vma.Next)
        {
            UserAddress from = vma.Start > start ? vma.Start : start;
            UserAddress to = vma.End < end ? vma.End : end;
            sizes.Add(vma, (long)((to - from) / PageBytes));
        }

        return sizes;
    }

    private Errno Place(in MapRequest request, ulong lengthBytes, out UserAddress at)
    {
        at = request.Address;
        if (lengthBytes > UserAddress.LimitValue) return Errno.ENOMEM;
        if (!request.IsFixed) return FindRoom(in request, lengthBytes, out at) ? Errno.None : Errno.ENOMEM;

        if (at.Value > UserAddress.LimitValue - lengthBytes) return Errno.ENOMEM;
        if (at.PageOffset != 0) return Errno.EINVAL;
        bool isTooLow = at.Value < Placement.LowestAddress && !request.Has(MapFlags.AllowLowest);
        return isTooLow ? Errno.EPERM : Errno.None;
    }

    private bool FindRoom(in MapRequest request, ulong lengthBytes, out UserAddress at)
    {
        bool isLow = request.Has(MapFlags.Low2G);
        ulong top = isLow ? Placement.Low2GEnd : UserAddress.LimitValue;
        if (!request.Address.IsNull && IsFree(request.Address, lengthBytes, top, out at)) return true;
        if (isLow) return _mappings.Tree.TryFindLowestGap(Placement.Low2GStart, top, lengthBytes, out at);
        if (GrowsUpward) return _mappings.Tree.TryFindLowestGap(MapBase.Value, top, lengthBytes, out at);

        return _mappings.Tree.TryFindHighestGap(Placement.LowestAddress, MapBase.Value, lengthBytes, out at)
            || _mappings.Tree.TryFindLowestGap(Placement.UpwardSearchStart, top, lengthBytes, out at);
    }

    /// <summary>Whether a wish can be granted; it is rounded down to a page, and up to the lowest
    /// address.</summary>
    private bool IsFree(UserAddress hint, ulong lengthBytes, ulong top, out UserAddress at)
    {
        at = hint.PageDown;
        if (at.Value < Placement.LowestAddress) at = new UserAddress(Placement.LowestAddress);
        if (lengthBytes > top || at.Value > top - lengthBytes) return false;

        Vma? next = _mappings.Tree.FindAtOrAbove(at);
        return next is null || at.Value + lengthBytes <= next.StartWithGuard;
    }
}
