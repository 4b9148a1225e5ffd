using Cashew.Machine;

namespace Cashew.Memory;

/// <summary>How much of a space is mapped, in pages, by what it is for; kept as mappings come and
/// go.</summary>
/// <source>proc_pid_status(5): VmSize, VmPeak, VmLck, VmData, VmStk; proc_pid_statm(5).</source>
public struct SpaceSizes
{
    public long Total;
    public long PeakTotal;
    public long Locked;

    /// <summary>Private, writable and no stack: what RLIMIT_DATA counts.</summary>
    public long Data;
    public long Stack;

    /// <summary>Executable and not writable: text and libraries.</summary>
    public long Executable;

    internal void Add(Vma vma, long pages)
    {
        Total += pages;
        if (Total > PeakTotal) PeakTotal = Total;
        if (vma.IsLocked) Locked += pages;
        if (vma.GrowsDown) Stack += pages;
        else if (IsData(vma.Rights, vma.Flags)) Data += pages;
        else if ((vma.Rights & (PageRights.Execute | PageRights.Write)) == PageRights.Execute) Executable += pages;
    }

    internal static bool IsData(PageRights rights, VmaFlags flags) =>
        (rights & PageRights.Write) != 0 && (flags & (VmaFlags.Shared | VmaFlags.GrowsDown)) == 0;
}
