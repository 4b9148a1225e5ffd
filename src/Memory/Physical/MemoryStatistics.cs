using Cashew.Machine;

namespace Cashew.Memory;

/// <summary>Where the machine's memory is, in pages: what /proc/meminfo, sysinfo(2) and free(1)
/// show.</summary>
/// <source>proc_meminfo(5)</source>
/// <deviation>
/// Anonymous and mapped pages are counted by table entries: one that two processes share after fork counts
/// twice.
/// Linux counts each once, at the price of a counter in every page.
/// </deviation>
public readonly struct MemoryStatistics
{
    private MemoryStatistics(ResidentPages resident)
    {
        TotalPages = Frame.TotalCount;
        FreePages = Frame.FreeCount;
        CachedPages = PageCounters.Cached;
        SharedMemoryPages = PageCounters.SharedMemory;
        AnonymousPages = resident.Anonymous;
        HugePages = resident.Huge;
        MappedPages = resident.File + resident.SharedMemory;
        CommittedPages = Commitment.Pages;
        CommitLimitPages = Commitment.LimitPages;
    }

    public long TotalPages { get; }

    public long FreePages { get; }

    /// <summary>What a program could have: free pages but the kernel's reserve, and file pages that could be
    /// dropped.</summary>
    public long AvailablePages
    {
        get
        {
            long free = FreePages - KernelObjects.ReservedFrames;
            long droppable = CachedPages - SharedMemoryPages;
            return (free > 0 ? free : 0) + (droppable > 0 ? droppable : 0);
        }
    }

    public long CachedPages { get; }

    public long SharedMemoryPages { get; }

    public long AnonymousPages { get; }

    /// <summary>Small pages that large ones of programs stand for.</summary>
    public long HugePages { get; }

    public long MappedPages { get; }

    public long CommittedPages { get; }

    public long CommitLimitPages { get; }

    public static MemoryStatistics Read() => new(AddressSpaceList.SumResident());
}
