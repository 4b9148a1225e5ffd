namespace Cashew.Memory;

/// <summary>How the present pages of a range are used, in bytes, for /proc/PID/smaps.</summary>
/// <source>proc_pid_smaps(5).</source>
public struct PageUsage
{
    /// <summary>Proportional sizes have this many bits behind the point, as a page's share may be a fraction
    /// of a byte.</summary>
    public const int FractionBits = 12;

    public long Resident;
    public long Referenced;
    public long Anonymous;

    /// <summary>In large pages.</summary>
    public long Huge;
    public long SharedClean;
    public long SharedDirty;
    public long PrivateClean;
    public long PrivateDirty;

    // Each page divided by the number of those who map it.
    public long Proportional;
    public long ProportionalDirty;
    public long ProportionalAnonymous;
    public long ProportionalFile;
    public long ProportionalSharedMemory;
    public long ProportionalLocked;

    public void Add(in PageUsage other)
    {
        Resident += other.Resident;
        Referenced += other.Referenced;
        Anonymous += other.Anonymous;
        Huge += other.Huge;
        SharedClean += other.SharedClean;
        SharedDirty += other.SharedDirty;
        PrivateClean += other.PrivateClean;
        PrivateDirty += other.PrivateDirty;
        Proportional += other.Proportional;
        ProportionalDirty += other.ProportionalDirty;
        ProportionalAnonymous += other.ProportionalAnonymous;
        ProportionalFile += other.ProportionalFile;
        ProportionalSharedMemory += other.ProportionalSharedMemory;
        ProportionalLocked += other.ProportionalLocked;
    }

    /// <param name="kind">What the page is.</param>
    /// <param name="bytes">Its size.</param>
    /// <param name="mapCount">How many map it, at least one.</param>
    /// <param name="isDirty">Whether it would have to be written before it could go.</param>
    internal void AddPage(PageKind kind, long bytes, int mapCount, bool isDirty)
    {
        long share = (bytes << FractionBits) / mapCount;
        Resident += bytes;
        Proportional += share;
        if (isDirty) ProportionalDirty += share;
        bool isShared = mapCount > 1;
        if (isShared && isDirty) SharedDirty += bytes;
        else if (isShared) SharedClean += bytes;
        else if (isDirty) PrivateDirty += bytes;
        else PrivateClean += bytes;

        switch (kind)
        {
            case PageKind.Anonymous:
                Anonymous += bytes;
                ProportionalAnonymous += share;
                break;
            case PageKind.SharedMemory:
                ProportionalSharedMemory += share;
                break;
            default:
                ProportionalFile += share;
                break;
        }
    }
}
