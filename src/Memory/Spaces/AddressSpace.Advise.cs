using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Memory;

/// <content>madvise(2)</content>
public sealed partial class AddressSpace
{
    /// <summary>Takes advice about a range: some of it orders, most of it hints.</summary>
    /// <param name="advice">One of <see cref="MadviseAdvice"/>.</param>
    /// <errors>
    /// EINVAL: unknown advice, a start off a page boundary, a range that wraps, or advice that does not fit
    /// the mapping. ENOMEM: a part is not mapped (what is mapped was advised). EACCES, EOPNOTSUPP:
    /// MADV_REMOVE. EFAULT: MADV_POPULATE_* met a page that cannot be read.
    /// </errors>
    /// <source>madvise(2)</source>
    /// <deviation>
    /// MADV_FREE gives the pages back at once; Linux waits until memory is short. Both are allowed: the
    /// program may find either its data or zeros. MADV_COLD, PAGEOUT and the like have nothing to do without
    /// swap.
    /// </deviation>
    public Errno Advise(UserAddress start, ulong lengthBytes, int advice)
    {
        if (!IsKnown(advice)) return Errno.EINVAL;

        ulong rounded = RoundUp(lengthBytes);
        if (start.PageOffset != 0 || rounded < lengthBytes || start.Value + rounded < start.Value) return Errno.EINVAL;
        if (rounded == 0) return Errno.None;
        if (!IsUserRange(start, rounded)) return Errno.ENOMEM;

        UserAddress end = start + rounded;
        if (advice == MadviseAdvice.MADV_POPULATE_READ) return Populate(start, end, PopulateAccess.Read);
        if (advice == MadviseAdvice.MADV_POPULATE_WRITE) return Populate(start, end, PopulateAccess.Write);
        if (TryGetFlagChange(advice, out VmaFlags flags, out VmaFlags mask)) return AdviseFlags(start, end, flags, mask);
        return AdvisePages(start, end, advice);
    }

    private static bool IsKnown(int advice) =>
        advice is (>= MadviseAdvice.MADV_NORMAL and <= MadviseAdvice.MADV_DONTNEED)
            or MadviseAdvice.MADV_FREE
            or MadviseAdvice.MADV_REMOVE
            or MadviseAdvice.MADV_DONTFORK
            or MadviseAdvice.MADV_DOFORK
            or (>= MadviseAdvice.MADV_HUGEPAGE and <= MadviseAdvice.MADV_DONTNEED_LOCKED);

    /// <summary>Advice that is remembered with the mapping.</summary>
    private static bool TryGetFlagChange(int advice, out VmaFlags flags, out VmaFlags mask)
    {
        (flags, mask) = advice switch
        {
            MadviseAdvice.MADV_NORMAL => (VmaFlags.None, VmaFlags.RandomAccess | VmaFlags.SequentialAccess),
            MadviseAdvice.MADV_RANDOM => (VmaFlags.RandomAccess, VmaFlags.RandomAccess | VmaFlags.SequentialAccess),
            MadviseAdvice.MADV_SEQUENTIAL =>
                (VmaFlags.SequentialAccess, VmaFlags.RandomAccess | VmaFlags.SequentialAccess),
            MadviseAdvice.MADV_DONTFORK => (VmaFlags.DontFork, VmaFlags.DontFork),
            MadviseAdvice.MADV_DOFORK => (VmaFlags.None, VmaFlags.DontFork),
            MadviseAdvice.MADV_WIPEONFORK => (VmaFlags.WipeOnFork, VmaFlags.WipeOnFork),
            MadviseAdvice.MADV_KEEPONFORK => (VmaFlags.None, VmaFlags.WipeOnFork),
            MadviseAdvice.MADV_DONTDUMP => (VmaFlags.DontDump, VmaFlags.DontDump),
            MadviseAdvice.MADV_DODUMP => (VmaFlags.None, VmaFlags.DontDump),
            MadviseAdvice.MADV_HUGEPAGE => (VmaFlags.WantsHugePages, HugePageFlags),
            MadviseAdvice.MADV_NOHUGEPAGE => (VmaFlags.RefusesHugePages, HugePageFlags),
            _ => (VmaFlags.None, VmaFlags.None),
        };
        return mask != VmaFlags.None;
    }

    private const VmaFlags HugePageFlags = VmaFlags.WantsHugePages | VmaFlags.RefusesHugePages;

    private Errno AdviseFlags(UserAddress start, UserAddress end, VmaFlags flags, VmaFlags mask)
    {
        VmaGarbage garbage = default;
        Errno error = Errno.EINVAL;
        using (SleepLock.Guard guard = _changes.Acquire())
        {
            bool isAllowed = (flags & VmaFlags.WipeOnFork) == 0 || IsPrivateAnonymous(start, end);
            if (isAllowed) error = ChangeFlags(start, end, flags, mask, ref garbage);
        }

        garbage.Release();
        return error;
    }

    private bool IsPrivateAnonymous(UserAddress start, UserAddress end)
    {
        for (Vma? vma = _mappings.Tree.FindOverlap(start, end); vma is not null && vma.Start < end; vma = vma.Next)
        {
            if (vma.File is not null || vma.IsShared) return false;
        }

        return true;
    }

    private Errno AdvisePages(UserAddress start, UserAddress end, int advice)
    {
        Errno result = Errno.None;
        UserAddress at = start;
        while (at < end)
        {
            if (!TryTakePiece(at, end, advice, out Piece piece, out Errno error)) return error;
            if (piece.Start > at) result = Errno.ENOMEM;
            if (piece.Source is not null)
            {
                // The file is asked with the space's lock free: it may wait, and takes locks that come first.
                error = AskFile(in piece, advice);
                piece.File?.ReleaseMapping();
                if (error != Errno.None) return error;
            }

            at = piece.End;
        }

        return result;
    }

    private static Errno AskFile(in Piece piece, int advice)
    {
        long pages = (long)((piece.End - piece.Start) / PageBytes);
        if (advice == MadviseAdvice.MADV_REMOVE) return piece.Source!.Discard(piece.FirstPage, pages);

        piece.Source!.ReadAhead(piece.FirstPage, pages);
        return Errno.None;
    }

    /// <summary>
    /// The next mapped part of the range. Drops its pages if that is the advice; otherwise, if the file has
    /// something to do, hands it out with a reference.
    /// </summary>
    private bool TryTakePiece(UserAddress at, UserAddress end, int advice, out Piece piece, out Errno error)
    {
        piece = default;
        error = Errno.ENOMEM;
        using SleepLock.Guard guard = _changes.Acquire();
        Vma? vma = _mappings.Tree.FindOverlap(at, end);
        if (vma is null) return false;

        error = CheckPieceAdvice(vma, advice);
        if (error != Errno.None) return false;

        piece.Start = vma.Start > at ? vma.Start : at;
        piece.End = vma.End < end ? vma.End : end;
        if (advice is MadviseAdvice.MADV_DONTNEED or MadviseAdvice.MADV_DONTNEED_LOCKED or MadviseAdvice.MADV_FREE)
        {
            _pages.Clear(piece.Start, piece.End, vma.Backing, ClearScope.All);
        }
        else if (advice is MadviseAdvice.MADV_REMOVE or MadviseAdvice.MADV_WILLNEED && vma.Source is not null)
        {
            piece.Source = vma.Source;
            piece.FirstPage = vma.PageAt(piece.Start);
            piece.File = vma.File;
            piece.File?.RetainMapping();
        }

        return true;
    }

    private static Errno CheckPieceAdvice(Vma vma, int advice)
    {
        bool isSpecial = (vma.Flags & VmaFlags.Special) != 0;
        switch (advice)
        {
            case MadviseAdvice.MADV_DONTNEED:
                return vma.IsLocked || isSpecial ? Errno.EINVAL : Errno.None;
            case MadviseAdvice.MADV_DONTNEED_LOCKED:
                return isSpecial ? Errno.EINVAL : Errno.None;
            case MadviseAdvice.MADV_FREE:
                return vma.IsLocked || isSpecial || vma.File is not null ? Errno.EINVAL : Errno.None;
            case MadviseAdvice.MADV_REMOVE:
                if (vma.IsLocked || isSpecial || vma.Source is null) return Errno.EINVAL;
                return vma.IsShared && (vma.MaximumRights & PageRights.Write) != 0 ? Errno.None : Errno.EACCES;
            case MadviseAdvice.MADV_COLD or MadviseAdvice.MADV_PAGEOUT:
                return vma.IsLocked || isSpecial ? Errno.EINVAL : Errno.None;
            default:
                return Errno.None;
        }
    }

    private struct Piece
    {
        internal UserAddress Start;
        internal UserAddress End;
        internal PageSource? Source;
        internal IMappedFile? File;
        internal long FirstPage;
    }
}
