namespace Cashew.Memory;

/// <summary>Pages that a space has in its tables, by kind. The shared page of zeros is not counted, as on
/// Linux.</summary>
public struct ResidentPages
{
    public long Anonymous;
    public long File;
    public long SharedMemory;

    /// <summary>Of the anonymous ones, those in large pages.</summary>
    public long Huge;

    public readonly long Total => Anonymous + File + SharedMemory;

    internal void Add(PageKind kind, int count)
    {
        switch (kind)
        {
            case PageKind.Anonymous: Anonymous += count; break;
            case PageKind.File: File += count; break;
            default: SharedMemory += count; break;
        }
    }
}
