using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Memory;

/// <content>fork(2)</content>
public sealed partial class AddressSpace
{
    /// <summary>
    /// A copy for a child: the same mappings and, until either side writes, the same frames. Costs time in
    /// proportion to the mappings and to the pages that are present.
    /// </summary>
    /// <errors>ENOMEM: nothing is left of the attempt but pages that must be looked at again on the next
    /// write.</errors>
    /// <locking>Sleeps. No lock held.</locking>
    public bool TryFork([NotNullWhen(true)] out AddressSpace? child, out Errno error)
    {
        do
        {
            if (TryForkOnce(out child, out error)) return true;
        }
        while (error == Errno.ENOMEM && MemoryPressure.TryRelieve());
        return false;
    }

    private bool TryForkOnce([NotNullWhen(true)] out AddressSpace? child, out Errno error)
    {
        if (!TryCreate(out child, out error)) return false;

        bool isCopied;
        using (SleepLock.Guard guard = _changes.Acquire())
        {
            isCopied = TryCopyTo(child);

            // Nobody may go on writing to what is shared now, through a translation that a processor
            // remembers.
            Table.Flush(new UserAddress(0), new UserAddress(UserAddress.LimitValue));
        }

        if (isCopied) return true;

        child.Release();
        child = null;
        error = Errno.ENOMEM;
        return false;
    }

    /// <locking>This space's change lock is held. Nobody else knows the child, but files' lists reach its
    /// pages.</locking>
    private bool TryCopyTo(AddressSpace child)
    {
        child.Limits = Limits;
        child.Areas = Areas;
        child.RefusesHugePages = RefusesHugePages;
        child.MapBase = MapBase;
        child.GrowsUpward = GrowsUpward;
        child.DumpFilter = DumpFilter;
        child.BreakStart = BreakStart;
        child._break = _break;
        for (Vma? vma = _mappings.Tree.First; vma is not null; vma = vma.Next)
        {
            if ((vma.Flags & VmaFlags.DontFork) == 0 && !TryCopyMapping(vma, child)) return false;
        }

        return true;
    }

    private bool TryCopyMapping(Vma vma, AddressSpace child)
    {
        if (!Vma.TryCreate(child._pages, out Vma? copy)) return false;
        if (vma.IsAccounted && !Commitment.TryAdd(vma.PageCount)) return false;

        // Locks are not inherited (mlock(2)).
        copy.CopyFrom(vma, vma.Start, vma.End);
        copy.Flags &= ~LockFlags;
        copy.File?.RetainMapping();
        if ((vma.Flags & VmaFlags.WipeOnFork) == 0) return child._mappings.AddWithPages(copy, new PageSharing(_pages));

        child._mappings.AddAlone(copy);
        return true;
    }

    private readonly struct PageSharing(PageMap parent) : IPageTransfer
    {
        public bool TryTransfer(Vma to) => parent.TryShareWith(to.Pages, to.Start, to.End, to.IsShared, to.Backing);
    }
}
