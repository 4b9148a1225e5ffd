using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace Cashew.Runtime;

/// <summary>
/// The head of a granule: of a block of cells of one size, or of the run of granules that one large object
/// has. Two sets of bits follow, one bit for each 16 bytes: what the last collection found alive, and what
/// the next one marks. Those are all clear as long as nothing is being marked.
/// </summary>
/// <remarks>
/// A block is swept bit by bit, when cells are needed. Below <see cref="SweepCursor"/>, a cell holds an
/// object if its first word says so; from there on, if the last collection marked it. So sweeping may be
/// unfinished, or not even begun, when the next collection starts, and goes on while that marks.
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

    /// <summary>Links blocks of one class that wait to be swept, large objects that are being followed, or
    /// free granules.</summary>
    internal Block* Next;

    /// <summary>Links all blocks, or all large objects.</summary>
    internal Block* NextOfAll;

    internal int SizeClass;
    internal uint CellBytes;
    internal uint CellCount;

    /// <summary>Offset of the first cell that was not swept; <see cref="EndOffset"/> when all are.</summary>
    internal uint SweepCursor;

    /// <summary>How many granules, for a large object; 1 otherwise.</summary>
    internal int GranuleCount;

    /// <summary>
    /// The mark stack was full when an object of this block was marked: its references are still to be
    /// followed.
    /// </summary>
    internal bool HasUnscanned;

    private static int s_parity; // which of the two sets says what is alive: 0 or 1, for all blocks together

    /// <summary>Distance from the block to the bits that the last collection wrote.</summary>
    internal static int LiveOffset => HeadBytes + s_parity * BitmapBytes;

    /// <summary>And to those for the collection that marks, or marks next.</summary>
    internal static int MarkOffset => HeadBytes + (s_parity ^ 1) * BitmapBytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Block* Of(nint address) => (Block*)(address & ~(nint)HeapLayout.GranuleMask);

    internal static uint EndOffset(Block* block) => CellsOffset + block->CellCount * block->CellBytes;

    internal static bool IsLarge(Block* block) => block->SizeClass == SizeClasses.Count;

    internal static ulong* LiveBits(Block* block) => (ulong*)((byte*)block + LiveOffset);

    internal static ulong* MarkBits(Block* block) => (ulong*)((byte*)block + MarkOffset);

    /// <summary>All is marked: from here on that is what lives. The caller clears the bits for the next
    /// time.</summary>
    internal static void ExchangeBits() => s_parity ^= 1;

    /// <summary>How many objects the last collection marked.</summary>
    internal static int LiveCount(Block* block)
    {
        ulong* bits = LiveBits(block);
        int count = 0;
        for (int word = 0; word < BitmapWords; word++)
        {
            count += BitOperations.PopCount(bits[word]);
        }

        return count;
    }

    /// <summary>Is the bit of a cell set?</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // sweeping a live cell: 10 instructions, not 30
    internal static bool Test(ulong* bits, uint cellOffset)
    {
        uint unit = cellOffset >> HeapLayout.CellUnitShift;
        return (bits[(nuint)(unit >> 6)] & (1UL << (int)unit)) != 0;
    }

    /// <summary>Sets the mark of a cell; false when it has one. An interrupt may mark another cell
    /// meanwhile, or another processor.</summary>
    internal static bool TrySetMark(Block* block, uint cellOffset)
    {
        uint unit = cellOffset >> HeapLayout.CellUnitShift;
        ulong bit = 1UL << (int)unit;
        return (Interlocked.Or(ref MarkBits(block)[(nuint)(unit >> 6)], bit) & bit) == 0;
    }

    internal static void ClearMark(Block* block, uint cellOffset)
    {
        uint unit = cellOffset >> HeapLayout.CellUnitShift;
        Interlocked.And(ref MarkBits(block)[(nuint)(unit >> 6)], ~(1UL << (int)unit));
    }

    /// <summary>
    /// The offset of the first cell from here on whose bit is set; the limit if there is none before.
    /// </summary>
    internal static uint NextMarked(ulong* bits, uint cellOffset, uint limit)
    {
        uint word = cellOffset >> (HeapLayout.CellUnitShift + 6);
        ulong rest = bits[(nuint)word] >> (int)(cellOffset >> HeapLayout.CellUnitShift);
        uint found = cellOffset;
        while (rest == 0)
        {
            word++;
            found = word << (HeapLayout.CellUnitShift + 6);
            if (found >= limit)
            {
                return limit;
            }

            rest = bits[(nuint)word];
        }

        found += (uint)BitOperations.TrailingZeroCount(rest) << HeapLayout.CellUnitShift;
        return Math.Min(found, limit);
    }
}
