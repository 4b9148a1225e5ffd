using System.Runtime.InteropServices;

namespace Cashew.Machine;

/// <summary>What we know of one frame: 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FrameInfo
{
    /// <summary>Changed by locked instructions only.</summary>
    internal int ReferenceCount;
    internal FrameKind Kind;

    /// <summary>Of the free or allocated block that starts here.</summary>
    internal byte Order;

    /// <summary>Is this the first frame of a block on a free list?</summary>
    internal bool IsListed;

    /// <summary>Somebody has to answer for it: <see cref="Previous"/> says which account of
    /// <see cref="FrameCharges"/>.</summary>
    internal bool IsCharged;

    /// <summary>Neighbors on the free list of the block's order, as frame numbers; zero for none. Of the
    /// first frame of a <see cref="FrameBlock"/>, Next counts its references.</summary>
    internal uint Next;
    internal uint Previous;
}
