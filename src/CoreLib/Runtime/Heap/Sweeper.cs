using System;

namespace Cashew.Runtime;

/// <summary>Turns cells that the last collection did not mark into free ones, a few at a time.</summary>
internal static unsafe class Sweeper
{
    /// <summary>
    /// How much is swept at a time: cells are cleared just before use, and so stay in the nearest cache.
    /// </summary>
    internal const uint DefaultBytes = 2048;

    /// <summary>
    /// Sweeps on until there are free cells. Only the processor whose context the block is in may call this.
    /// </summary>
    /// <param name="first">The first of a list of free cells, as object addresses, cleared but for their
    /// first word.</param>
    /// <param name="enoughBytes">Stops with the cell that reaches so many.</param>
    /// <returns>The bytes in the list; zero when the block is swept to its end.</returns>
    internal static uint Next(Block* block, out ulong first, uint enoughBytes)
    {
        ulong* bits = Block.LiveBits(block);
        uint cellBytes = block->CellBytes;
        uint end = Block.EndOffset(block);
        uint cursor = block->SweepCursor;
        uint wantedBytes = (enoughBytes + cellBytes - 1) / cellBytes * cellBytes;
        uint foundBytes = 0;
        ulong list = 0;
        ulong* tail = &list;
        do
        {
            while (cursor < end && Block.Test(bits, cursor))
            {
                cursor += cellBytes;
            }

            // A run of free cells is cleared in one go, then linked in the order of addresses.
            uint start = cursor;
            uint limit = Math.Min(start + wantedBytes - foundBytes, end);
            cursor = Block.NextMarked(bits, start, limit);

            RuntimeMemory.Clear((byte*)block + start, cursor - start);
            if (WriteBarrier.IsOn)
            {
                MarkAll(block, start, cursor);
            }

            tail = Link((byte*)block + start, (byte*)block + cursor, cellBytes, tail);
            foundBytes += cursor - start;
        }
        while (cursor < end && foundBytes < wantedBytes);

        block->SweepCursor = cursor;
        first = list;
        return foundBytes;
    }

    /// <summary>
    /// While marking is under way, what is allocated counts as marked and followed: it can refer only to what
    /// somebody stores into it.
    /// </summary>
    private static void MarkAll(Block* block, uint start, uint end)
    {
        for (uint cell = start; cell < end; cell += block->CellBytes)
        {
            _ = Block.TrySetMark(block, cell);
        }
    }

    /// <summary>Appends neighboring cells to a list; returns its new tail.</summary>
    private static ulong* Link(byte* cell, byte* end, uint cellBytes, ulong* tail)
    {
        for (; cell < end; cell += cellBytes)
        {
            ulong* word = (ulong*)(cell + HeapLayout.HeaderBytes);
            *tail = (ulong)word;
            tail = word;
        }

        return tail;
    }
}
