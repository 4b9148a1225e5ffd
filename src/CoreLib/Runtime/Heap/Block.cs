using System.Runtime.InteropServices;

namespace Cashew.Runtime;

/// <summary>
/// The head of a granule: of a block of cells of one size, or of the run of granules that one large object has. Two
/// sets of mark bits follow, one bit for each 16 bytes: one that the last collection wrote and one for the next.
/// </summary>
/// <remarks>
/// A block is swept bit by bit, when cells are needed. Below <see cref="SweepCursor"/>, a cell holds an object if its
/// first word says so; from there on, if the last collection marked it. So sweeping may be unfinished, or not even
/// begun, when the next collection starts.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Block
{
    internal const int HeadBytes = 64;
    internal const int BitmapBytes = HeapLayout.GranuleBytes / HeapLayout.CellUnitBytes / 8;
    internal const int BitmapWords = BitmapBytes / sizeof(ulong);

    /// <summary>Where the first cell lies.</summary>
    internal const int CellsOffset = HeadBytes + 2 * BitmapBytes;

    /// <summary>What one granule offers to cells.</summary>
    internal const int UsableBytes = HeapLayout.GranuleBytes - CellsOffset;

    /// <summary>Links blocks of one class that wait to be swept, or free granules.</summary>
    internal Block* Next;

    /// <summary>Links all blocks, or all large objects.</summary>
    internal Block* NextOfAll;

    internal int SizeClass;
    internal int CellBytes;
    internal int CellCount;

    /// <summary>Offset of the first cell that was not swept; <see cref="EndOffset"/> when all are.</summary>
    internal int SweepCursor;

    /// <summary>Objects marked in this collection.</summary>
    internal int MarkedCount;

    /// <summary>How many granules, for a large object; 1 otherwise.</summary>
    internal int GranuleCount;

    /// <summary>The mark stack was full when an object of this block was marked: its references are still to be followed.</summary>
    internal bool HasUnscanned;

    /// <summary>Which of the two sets the last collection wrote: 0 or 1. All blocks together.</summary>
    internal static int Parity;

    /// <summary>Distance from the block to the bits of the collection that runs or ran last.</summary>
    internal static int BitmapOffset => HeadBytes + Parity * BitmapBytes;

    /// <summary>And to those of the one before.</summary>
    internal static int PreviousBitmapOffset => HeadBytes + (Parity ^ 1) * BitmapBytes;

    internal static Block* Of(nint address) => (Block*)(address & ~(nint)HeapLayout.GranuleMask);

    internal static int EndOffset(Block* block) => CellsOffset + block->CellCount * block->CellBytes;

    internal static bool IsLarge(Block* block) => block->SizeClass == SizeClasses.Count;

    internal static ulong* Bits(Block* block) => (ulong*)((byte*)block + BitmapOffset);

    /// <summary>Is the bit of a cell set?</summary>
    internal static bool Test(ulong* bits, int cellOffset)
    {
        int unit = cellOffset >> HeapLayout.CellUnitShift;
        return (bits[unit >> 6] & (1UL << unit)) != 0;
    }
}
