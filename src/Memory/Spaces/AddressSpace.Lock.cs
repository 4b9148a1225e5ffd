using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Memory;

/// <content>mlock(2) and its kin</content>
/// <remarks>
/// Without swap every page stays in memory anyway; what remains of locking is that pages are brought in at
/// once, that madvise does not take them, and the accounting.
/// </remarks>
public sealed partial class AddressSpace
{
    private const VmaFlags LockFlags = VmaFlags.Locked | VmaFlags.LockOnFault;

    // mlockall(2) with MCL_FUTURE: what new mappings start with.
    private VmaFlags _futureFlags;

    /// <summary>Locks a range.</summary>
    /// <param name="permission"><see cref="MapFlags.AllowLocking"/> lifts the limit.</param>
    /// <errors>EPERM: not allowed to lock at all. ENOMEM: a limit, or a part is not mapped. EAGAIN: pages
    /// cannot be had. EINVAL: range.</errors>
    /// <source>mlock(2)</source>
    public Errno Lock(UserAddress start, ulong lengthBytes, LockMode mode, MapFlags permission)
    {
        if (Limits.LockedBytes == 0 && (permission & MapFlags.AllowLocking) == 0) return Errno.EPERM;

        ulong rounded = RoundUp(lengthBytes + (ulong)start.PageOffset);
        start = start.PageDown;
        if (rounded < lengthBytes || !IsUserRange(start, rounded)) return Errno.EINVAL;

        UserAddress end = start + rounded;
        VmaFlags flags = mode == LockMode.OnFault ? LockFlags : VmaFlags.Locked;
        VmaGarbage garbage = default;
        Errno error = Errno.ENOMEM;
        using (SleepLock.Guard guard = _changes.Acquire())
        {
            long more = (long)(rounded / PageBytes) - MeasureRange(start, end).Locked;
            if (IsLockingAllowed(VmaFlags.Locked, more, permission))
                error = ChangeFlags(start, end, flags, LockFlags, ref garbage);
        }

        garbage.Release();
        if (error != Errno.None || mode == LockMode.OnFault) return error;
        return Populate(start, end, PopulateAccess.AsMapped) == Errno.None ? Errno.None : Errno.ENOMEM;
    }

    /// <source>munlock(2)</source>
    public Errno Unlock(UserAddress start, ulong lengthBytes)
    {
        ulong rounded = RoundUp(lengthBytes + (ulong)start.PageOffset);
        start = start.PageDown;
        if (rounded < lengthBytes || !IsUserRange(start, rounded)) return Errno.EINVAL;

        VmaGarbage garbage = default;
        Errno error;
        using (SleepLock.Guard guard = _changes.Acquire())
        {
            error = ChangeFlags(start, start + rounded, VmaFlags.None, LockFlags, ref garbage);
        }

        garbage.Release();
        return error;
    }

    /// <summary>Locks what is mapped now, what will be, or both.</summary>
    /// <errors>EINVAL: neither now nor later. EPERM: not allowed to lock at all. ENOMEM: a limit.</errors>
    /// <source>mlockall(2)</source>
    public Errno LockAll(LockAllScope scope, LockMode mode, MapFlags permission)
    {
        if (scope == LockAllScope.None) return Errno.EINVAL;
        if (Limits.LockedBytes == 0 && (permission & MapFlags.AllowLocking) == 0) return Errno.EPERM;

        VmaFlags flags = mode == LockMode.OnFault ? LockFlags : VmaFlags.Locked;
        bool now = (scope & LockAllScope.Current) != 0;
        VmaGarbage garbage = default;
        using (SleepLock.Guard guard = _changes.Acquire())
        {
            SpaceSizes sizes = _mappings.Sizes;
            if (now && !IsLockingAllowed(VmaFlags.Locked, sizes.Total - sizes.Locked, permission)) return Errno.ENOMEM;

            _futureFlags = (scope & LockAllScope.Future) != 0 ? flags : VmaFlags.None;
            if (now) ChangeAllFlags(flags, ref garbage);
        }

        garbage.Release();
        if (now && mode == LockMode.Now) _ = Populate(default, new UserAddress(UserAddress.LimitValue), PopulateAccess.AsMapped);
        return Errno.None;
    }

    /// <source>munlockall(2)</source>
    public void UnlockAll()
    {
        VmaGarbage garbage = default;
        using (SleepLock.Guard guard = _changes.Acquire())
        {
            _futureFlags = VmaFlags.None;
            ChangeAllFlags(VmaFlags.None, ref garbage);
        }

        garbage.Release();
    }

    /// <summary>Whether so many more pages may be locked; always, if they are not going to be.</summary>
    private bool IsLockingAllowed(VmaFlags flags, long pages, MapFlags permission) =>
        (flags & VmaFlags.Locked) == 0
        || (permission & MapFlags.AllowLocking) != 0
        || IsWithin(_mappings.Sizes.Locked, pages, Limits.LockedBytes);

    private Errno CheckLocking(in MapRequest request, VmaFlags flags, long pages)
    {
        bool isAsked = request.Has(MapFlags.Locked) && !request.Has(MapFlags.AllowLocking);
        if (isAsked && Limits.LockedBytes == 0) return Errno.EPERM;
        return IsLockingAllowed(flags, pages, request.Flags) ? Errno.None : Errno.EAGAIN;
    }

    private void ChangeAllFlags(VmaFlags flags, ref VmaGarbage garbage)
    {
        for (Vma? vma = _mappings.Tree.First; vma is not null; vma = vma.Next)
        {
            if ((vma.Flags & VmaFlags.Special) != 0) continue;
            _mappings.SetAttributes(vma, vma.Rights, (vma.Flags & ~LockFlags) | flags);
        }

        _mappings.MergeRange(default, new UserAddress(UserAddress.LimitValue), ref garbage);
    }

    /// <summary>Replaces some flags of all mappings in a range. Goes on over holes and reports them at the
    /// end.</summary>
    /// <errors>ENOMEM: a part of the range is not mapped, or too many mappings.</errors>
    private Errno ChangeFlags(
        UserAddress start, UserAddress end, VmaFlags flags, VmaFlags mask, ref VmaGarbage garbage)
    {
        Errno result = Errno.None;
        UserAddress at = start;
        while (at < end)
        {
            Vma? vma = _mappings.Tree.FindOverlap(at, end);
            if (vma is null || vma.Start > at) result = Errno.ENOMEM;
            if (vma is null) break;

            UserAddress pieceStart = vma.Start > at ? vma.Start : at;
            at = vma.End < end ? vma.End : end;
            if (!TryChangeFlags(vma, pieceStart, at, flags, mask)) return Errno.ENOMEM;
        }

        _mappings.MergeRange(start, end, ref garbage);
        return result;
    }

    private bool TryChangeFlags(Vma vma, UserAddress start, UserAddress end, VmaFlags flags, VmaFlags mask)
    {
        VmaFlags changed = (vma.Flags & ~mask) | flags;
        if (changed == vma.Flags || (vma.Flags & VmaFlags.Special) != 0) return true;
        if (!_mappings.TryIsolate(vma, start, end, out Vma piece, out _)) return false;

        _mappings.SetAttributes(piece, piece.Rights, changed);
        return true;
    }
}
