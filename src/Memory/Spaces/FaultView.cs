using Cashew.Machine;

namespace Cashew.Memory;

/// <summary>What a page fault needs to know of a mapping, copied at one version of the tree.</summary>
internal readonly ref struct FaultView
{
    internal readonly UserAddress Start;
    internal readonly UserAddress End;
    internal readonly PageRights Rights;
    internal readonly VmaFlags Flags;
    internal readonly PageSource? Source;
    private readonly long _firstPage;

    internal FaultView(Vma vma)
    {
        Start = vma.Start;
        End = vma.End;
        Rights = vma.Rights;
        Flags = vma.Flags;
        Source = vma.Source;
        _firstPage = vma.FirstPage;
    }

    internal bool IsShared => (Flags & VmaFlags.Shared) != 0;

    internal bool GrowsDown => (Flags & VmaFlags.GrowsDown) != 0;

    internal PageKind Backing =>
        Source is null ? PageKind.Anonymous : Source.IsSharedMemory ? PageKind.SharedMemory : PageKind.File;

    internal long PageAt(UserAddress at) => _firstPage + (long)((at - Start) / UserAddress.PageSizeBytes);

    /// <summary>Reading is possible where anything is: x86 pages that may be written or executed may be
    /// read.</summary>
    internal bool Allows(FaultAccess access)
    {
        if ((access & FaultAccess.Write) != 0) return (Rights & PageRights.Write) != 0;
        if ((access & FaultAccess.Execute) != 0) return (Rights & PageRights.Execute) != 0;
        return Rights != PageRights.None;
    }
}
