using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Memory;

/// <summary>
/// The mappings of one space as the holder of its change lock edits them. Each method leaves tree, lists of
/// the files, page tables, counts and promises in step; none of them releases a file.
/// </summary>
internal sealed class VmaSet
{
    private SpaceSizes _sizes;

    internal VmaSet(PageMap pages) => Pages = pages;

    internal VmaTree Tree { get; } = new();

    internal PageMap Pages { get; }

    internal SpaceSizes Sizes => _sizes;

    internal bool IsFull => Tree.Count >= Placement.MaximumMappings;

    /// <summary>Enters a mapping with its promises made, or makes a neighbor longer that can describe it,
    /// too.</summary>
    /// <returns>The mapping that now covers the range.</returns>
    internal Vma Add(Vma vma, ref VmaGarbage garbage)
    {
        _sizes.Add(vma, vma.PageCount);
        Vma? next = Tree.FindAtOrAbove(vma.Start);
        Vma? previous = next is null ? Tree.Last : next.Previous;
        if (previous is not null && previous.CanAbsorb(vma))
        {
            MoveEnd(previous, vma.End);
            garbage.Add(vma);
            vma = previous;
        }
        else
        {
            Enter(vma);
        }

        _ = TryMergeWithNext(vma, ref garbage);
        return vma;
    }

    /// <summary>
    /// The part of a mapping within the range as a mapping of its own. A split alone changes nothing that a
    /// program can see, so a failure half-way needs no undoing.
    /// </summary>
    /// <errors>ENOMEM: too many mappings, or no memory for one.</errors>
    internal bool TryIsolate(Vma vma, UserAddress start, UserAddress end, out Vma piece, out Errno error)
    {
        piece = vma;
        error = Errno.ENOMEM;
        if (start > piece.Start)
        {
            if (IsFull || !TrySplit(piece, start, out piece)) return false;
        }

        if (end < piece.End)
        {
            if (IsFull || !TrySplit(piece, end, out _)) return false;
        }

        error = Errno.None;
        return true;
    }

    /// <summary>Takes out everything in a range: mappings, pages, promises.</summary>
    /// <errors>ENOMEM: a mapping had to be split in the middle, and could not.</errors>
    internal Errno Remove(UserAddress start, UserAddress end, ref VmaGarbage garbage)
    {
        Vma? first = Tree.FindOverlap(start, end);
        if (first is null) return Errno.None;
        if (first.Start < start)
        {
            // One mapping becomes two; everything else makes no more of them than there were.
            if (first.End > end && IsFull) return Errno.ENOMEM;
            if (!TrySplit(first, start, out _)) return Errno.ENOMEM;
        }

        Vma? last = Tree.FindAtOrAbove(end);
        if (last is not null && last.Start < end && !TrySplit(last, end, out _)) return Errno.ENOMEM;

        // First nobody finds them any more, then their pages go: a fault in between cannot bring any back.
        Vma? removed = Unlink(start, end);
        while (removed is not null)
        {
            Vma vma = removed;
            removed = vma.Next;
            Leave(vma, ClearScope.All);
            garbage.Add(vma);
        }

        return Errno.None;
    }

    /// <summary>Takes out everything, when nobody uses the space any more.</summary>
    internal void RemoveAll(ref VmaGarbage garbage)
    {
        Vma? removed = Tree.RemoveAll();
        while (removed is not null)
        {
            Vma vma = removed;
            removed = vma.Next;
            Leave(vma, ClearScope.Exit);
            garbage.Add(vma);
        }
    }

    /// <summary>Changes what a mapping is. The caller has seen to pages and promises.</summary>
    internal void SetAttributes(Vma vma, PageRights rights, VmaFlags flags)
    {
        _sizes.Add(vma, -vma.PageCount);
        using (Tree.BeginChange())
        {
            vma.Rights = rights;
            vma.Flags = flags;
        }

        _sizes.Add(vma, vma.PageCount);
    }

    /// <summary>Joins what has become alike in a range, and at its edges.</summary>
    internal void MergeRange(UserAddress start, UserAddress end, ref VmaGarbage garbage)
    {
        Vma? vma = Tree.FindAtOrAbove(start);
        if (vma?.Previous is not null) vma = vma.Previous;
        while (vma is not null && vma.Start < end)
        {
            if (!TryMergeWithNext(vma, ref garbage)) vma = vma.Next;
        }
    }

    private bool TryMergeWithNext(Vma vma, ref VmaGarbage garbage)
    {
        Vma? next = vma.Next;
        if (next is null || !vma.CanAbsorb(next)) return false;

        if (vma.Source is null)
        {
            Absorb(vma, next);
        }
        else
        {
            using SleepLock.Guard guard = vma.Source.LockMappings();
            vma.Source.RemoveMappingLocked(next);
            Absorb(vma, next);
        }

        garbage.Add(next);
        return true;
    }

    /// <summary>Makes a mapping longer at its end, where there is room. Counts the pages.</summary>
    internal void Extend(Vma vma, UserAddress end)
    {
        _sizes.Add(vma, (long)((end - vma.End) / UserAddress.PageSizeBytes));
        MoveEnd(vma, end);
    }

    /// <summary>Makes a stack longer at its start. Counts the pages.</summary>
    internal void ExtendDown(Vma vma, UserAddress start)
    {
        _sizes.Add(vma, (long)((vma.Start - start) / UserAddress.PageSizeBytes));
        using (Tree.BeginChange())
        {
            // Only anonymous mappings grow down, so no file's list has to be locked.
            vma.Start = start;
            Tree.Resized(vma);
        }
    }

    /// <summary>Enters a mapping without looking for neighbors to merge with.</summary>
    internal void AddAlone(Vma vma)
    {
        _sizes.Add(vma, vma.PageCount);
        Enter(vma);
    }

    /// <summary>
    /// The same, together with what <paramref name="pages"/> does to its pages. Meanwhile the file cannot be
    /// cut, and faults wait.
    /// </summary>
    /// <returns>What it returned. The mapping is entered in any case.</returns>
    internal bool AddWithPages<TPages>(Vma vma, TPages pages)
        where TPages : struct, IPageTransfer
    {
        _sizes.Add(vma, vma.PageCount);
        if (vma.Source is null) return InsertWithPages(vma, pages);

        using SleepLock.Guard guard = vma.Source.LockMappings();
        vma.Source.AddMappingLocked(vma);
        return InsertWithPages(vma, pages);
    }

    private bool InsertWithPages<TPages>(Vma vma, TPages pages)
        where TPages : struct, IPageTransfer
    {
        using (Tree.BeginChange())
        {
            Tree.Insert(vma);
            return pages.TryTransfer(vma);
        }
    }

    private void Enter(Vma vma)
    {
        if (vma.Source is null)
        {
            Insert(vma);
            return;
        }

        using SleepLock.Guard guard = vma.Source.LockMappings();
        vma.Source.AddMappingLocked(vma);
        Insert(vma);
    }

    private void Insert(Vma vma)
    {
        using (Tree.BeginChange()) Tree.Insert(vma);
    }

    private void Absorb(Vma vma, Vma next)
    {
        using (Tree.BeginChange())
        {
            Tree.Remove(next);
            vma.End = next.End;
            Tree.Resized(vma);
        }
    }

    private void MoveEnd(Vma vma, UserAddress end)
    {
        if (vma.Source is null)
        {
            MoveEndLocked(vma, end);
            return;
        }

        using SleepLock.Guard guard = vma.Source.LockMappings();
        MoveEndLocked(vma, end);
    }

    private void MoveEndLocked(Vma vma, UserAddress end)
    {
        using (Tree.BeginChange())
        {
            vma.End = end;
            Tree.Resized(vma);
        }
    }

    private bool TrySplit(Vma vma, UserAddress at, out Vma upper)
    {
        upper = vma;
        if (!Vma.TryCreate(Pages, out Vma? created)) return false;

        upper = created;
        upper.File = vma.File;
        upper.File?.RetainMapping();
        if (vma.Source is null)
        {
            Divide(vma, at, upper);
            return true;
        }

        using SleepLock.Guard guard = vma.Source.LockMappings();
        Divide(vma, at, upper);
        vma.Source.AddMappingLocked(upper);
        return true;
    }

    private void Divide(Vma vma, UserAddress at, Vma upper)
    {
        upper.CopyFrom(vma, at, vma.End);
        using (Tree.BeginChange())
        {
            vma.End = at;
            Tree.Insert(upper);
        }
    }

    /// <summary>Takes the mappings of a range out of the tree; returns them chained by their list
    /// link.</summary>
    private Vma? Unlink(UserAddress start, UserAddress end)
    {
        Vma? removed = null;
        using (Tree.BeginChange())
        {
            Vma? vma = Tree.FindAtOrAbove(start);
            while (vma is not null && vma.Start < end)
            {
                Vma? next = vma.Next;
                Tree.Remove(vma);
                vma.Next = removed;
                removed = vma;
                vma = next;
            }
        }

        return removed;
    }

    private void Leave(Vma vma, ClearScope scope)
    {
        Pages.Clear(vma.Start, vma.End, vma.Backing, scope);
        _sizes.Add(vma, -vma.PageCount);
        if (vma.IsAccounted) Commitment.Remove(vma.PageCount);
        if (vma.Source is null) return;

        using SleepLock.Guard guard = vma.Source.LockMappings();
        vma.Source.RemoveMappingLocked(vma);
    }
}
