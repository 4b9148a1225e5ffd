using Cashew.Machine;

namespace Cashew.Memory;

/// <summary>All address spaces, for sums over them and, later, for choosing whom to kill when memory is
/// out.</summary>
internal static class AddressSpaceList
{
    private static readonly SpinLock s_lock = new(LockRank.AddressSpaceList);
    private static AddressSpace? s_first;

    internal static void Add(AddressSpace space)
    {
        using SpinLock.Guard guard = s_lock.Acquire();
        space.NextSpace = s_first;
        if (s_first is not null) s_first.PreviousSpace = space;
        s_first = space;
    }

    internal static void Remove(AddressSpace space)
    {
        using SpinLock.Guard guard = s_lock.Acquire();
        if (space.PreviousSpace is null) s_first = space.NextSpace;
        else space.PreviousSpace.NextSpace = space.NextSpace;
        if (space.NextSpace is not null) space.NextSpace.PreviousSpace = space.PreviousSpace;
        space.NextSpace = null;
        space.PreviousSpace = null;
    }

    /// <summary>Pages in all tables. One that several spaces share after fork counts in each.</summary>
    internal static ResidentPages SumResident()
    {
        ResidentPages sum = default;
        using SpinLock.Guard guard = s_lock.Acquire();
        for (AddressSpace? space = s_first; space is not null; space = space.NextSpace)
        {
            ResidentPages pages = space.Resident;
            sum.Anonymous += pages.Anonymous;
            sum.File += pages.File;
            sum.SharedMemory += pages.SharedMemory;
            sum.Huge += pages.Huge;
        }

        return sum;
    }
}
