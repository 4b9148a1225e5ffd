using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Memory;

/// <content>munmap(2), mprotect(2), brk(2)</content>
public sealed partial class AddressSpace
{
    private UserAddress _break;

    /// <summary>Where the heap of brk begins; set by exec, which sets the break to it.</summary>
    public UserAddress BreakStart { get; private set; }

    public UserAddress Break => _break;

    /// <errors>EINVAL: a start off a page boundary, no length, or a range beyond the user half. ENOMEM: see
    /// <see cref="VmaSet"/>.</errors>
    /// <source>munmap(2)</source>
    public Errno Unmap(UserAddress start, ulong lengthBytes)
    {
        if (!IsUserRange(start, lengthBytes) || lengthBytes == 0) return Errno.EINVAL;

        VmaGarbage garbage = default;
        Errno error;
        using (SleepLock.Guard guard = _changes.Acquire())
        {
            error = _mappings.Remove(start, start + RoundUp(lengthBytes), ref garbage);
        }

        garbage.Release();
        return error;
    }

    /// <summary>Changes what a program may do with a range.</summary>
    /// <errors>
    /// EINVAL: a start off a page boundary. ENOMEM: a part of the range is not mapped, a limit, or too many
    /// mappings. EACCES: the file is not open for that. Pages before the one that failed have changed, as on
    /// Linux.
    /// </errors>
    /// <source>mprotect(2)</source>
    public Errno Protect(UserAddress start, ulong lengthBytes, PageRights rights)
    {
        if (start.PageOffset != 0) return Errno.EINVAL;
        if (lengthBytes == 0) return Errno.None;
        if (!IsUserRange(start, lengthBytes)) return Errno.ENOMEM;

        VmaGarbage garbage = default;
        Errno error;
        using (SleepLock.Guard guard = _changes.Acquire())
        {
            error = ProtectLocked(start, start + RoundUp(lengthBytes), rights, ref garbage);
        }

        garbage.Release();
        return error;
    }

    /// <summary>The same from the start of the stack that holds the range (PROT_GROWSDOWN).</summary>
    /// <errors>EINVAL: it is not in a mapping that grows down. The others: see
    /// <see cref="Protect"/>.</errors>
    public Errno ProtectStack(UserAddress start, ulong lengthBytes, PageRights rights)
    {
        if (start.PageOffset != 0) return Errno.EINVAL;
        if (lengthBytes == 0) return Errno.None;
        if (!IsUserRange(start, lengthBytes)) return Errno.ENOMEM;

        VmaGarbage garbage = default;
        Errno error;
        UserAddress end = start + RoundUp(lengthBytes);
        using (SleepLock.Guard guard = _changes.Acquire())
        {
            Vma? vma = _mappings.Tree.FindOverlap(start, end);
            if (vma is null) return Errno.ENOMEM;
            if (!vma.GrowsDown) return Errno.EINVAL;
            error = ProtectLocked(vma.Start, end, rights, ref garbage);
        }

        garbage.Release();
        return error;
    }

    /// <summary>For exec: an empty heap at this address.</summary>
    public void InitializeBreak(UserAddress start)
    {
        using SleepLock.Guard guard = _changes.Acquire();
        BreakStart = start;
        _break = start;
    }

    /// <summary>Moves the end of the heap, if that can be done.</summary>
    /// <returns>Where it is now, which is what the system call returns.</returns>
    /// <source>brk(2), "C library/kernel differences".</source>
    public UserAddress SetBreak(UserAddress wanted)
    {
        VmaGarbage garbage = default;
        UserAddress start = default;
        UserAddress end = default;
        UserAddress result;
        using (SleepLock.Guard guard = _changes.Acquire())
        {
            UserAddress old = _break;
            if (MayMoveBreak(wanted) && MoveBreakLocked(wanted, ref garbage))
            {
                _break = wanted;
                if ((_futureFlags & VmaFlags.Locked) != 0) (start, end) = (old.PageUp, wanted.PageUp);
            }

            result = _break;
        }

        garbage.Release();
        if (start < end) _ = Populate(start, end, PopulateAccess.AsMapped);
        return result;
    }

    private static bool IsUserRange(UserAddress start, ulong lengthBytes) =>
        start.PageOffset == 0
        && lengthBytes <= UserAddress.LimitValue
        && start.Value <= UserAddress.LimitValue - RoundUp(lengthBytes);

    private Errno ProtectLocked(UserAddress start, UserAddress end, PageRights rights, ref VmaGarbage garbage)
    {
        UserAddress at = start;
        Errno error = Errno.None;
        while (at < end && error == Errno.None)
        {
            Vma? vma = _mappings.Tree.FindAtOrAbove(at);
            if (vma is null || vma.Start > at)
            {
                error = Errno.ENOMEM;
                break;
            }

            UserAddress pieceEnd = vma.End < end ? vma.End : end;
            error = ProtectPiece(vma, at, pieceEnd, rights);
            at = pieceEnd;
        }

        _mappings.MergeRange(start, at, ref garbage);
        return error;
    }

    private Errno ProtectPiece(Vma vma, UserAddress start, UserAddress end, PageRights rights)
    {
        if ((rights & ~vma.MaximumRights) != 0) return Errno.EACCES;
        if (rights == vma.Rights) return Errno.None;

        long pages = (long)((end - start) / PageBytes);
        bool becomesData = SpaceSizes.IsData(rights, vma.Flags) && !SpaceSizes.IsData(vma.Rights, vma.Flags);
        if (becomesData && !MayExpand(0, pages)) return Errno.ENOMEM;

        // Once promised, always promised: the pages may have been written.
        bool mustAccount = !vma.IsAccounted && MustAccount(rights, vma.Flags);
        if (mustAccount && !Commitment.TryAdd(pages)) return Errno.ENOMEM;
        if (!_mappings.TryIsolate(vma, start, end, out Vma piece, out Errno error))
        {
            if (mustAccount) Commitment.Remove(pages);
            return error;
        }

        _mappings.SetAttributes(piece, rights, mustAccount ? piece.Flags | VmaFlags.Accounted : piece.Flags);
        _pages.Protect(start, end, rights);
        return Errno.None;
    }

    private bool MayMoveBreak(UserAddress wanted)
    {
        if (wanted < BreakStart || wanted.Value > UserAddress.LimitValue) return false;
        if (Limits.DataBytes == SpaceLimits.Unlimited) return true;

        ulong used = (wanted - BreakStart) + (Areas.DataEnd - Areas.DataStart);
        return used <= Limits.DataBytes;
    }

    private bool MoveBreakLocked(UserAddress wanted, ref VmaGarbage garbage)
    {
        UserAddress oldEnd = _break.PageUp;
        UserAddress newEnd = wanted.PageUp;
        if (newEnd == oldEnd) return true;
        if (newEnd < oldEnd) return _mappings.Remove(newEnd, oldEnd, ref garbage) == Errno.None;

        // A page is kept free above the heap, and the gap below a stack.
        Vma? next = _mappings.Tree.FindAtOrAbove(oldEnd);
        if (next is not null && newEnd.Value + PageBytes > next.StartWithGuard) return false;

        long pages = (long)((newEnd - oldEnd) / PageBytes);
        return !_mappings.IsFull
            && IsLockingAllowed(_futureFlags, pages, MapFlags.None)
            && MayExpand(pages, pages)
            && TryGrowHeap(oldEnd, newEnd, pages, ref garbage);
    }

    private bool TryGrowHeap(UserAddress start, UserAddress end, long pages, ref VmaGarbage garbage)
    {
        if (!Commitment.TryAdd(pages)) return false;
        if (!Vma.TryCreate(_pages, out Vma? vma))
        {
            Commitment.Remove(pages);
            return false;
        }

        vma.Start = start;
        vma.End = end;
        vma.Rights = PageRights.Read | PageRights.Write;
        vma.MaximumRights = PageRights.Read | PageRights.Write | PageRights.Execute;
        vma.Flags = VmaFlags.Accounted | _futureFlags;
        _ = _mappings.Add(vma, ref garbage);
        return true;
    }
}
