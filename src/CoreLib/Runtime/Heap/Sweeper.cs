namespace Cashew.Runtime;

/// <summary>Turns cells that the last collection did not mark into free ones, a few at a time.</summary>
internal static unsafe class Sweeper
{
    // Cells are cleared just before they are used: so much stays in the first-level cache.
    private const int RunBytes = 2048;

    /// <summary>
    /// Sweeps on until there are some free cells. Only the processor whose context the block is in may call this.
    /// </summary>
    /// <param name="first">The first of a list of free cells, as object addresses, cleared but for their first word.</param>
    /// <param name="limitBytes">At least one cell, and no more than so many bytes.</param>
    /// <returns>The bytes in the list; zero when the block is swept to its end.</returns>
    internal static int Next(Block* block, out ulong first, int limitBytes)
    {
        ulong* bits = Block.Bits(block);
        int cellBytes = block->CellBytes;
        int end = Block.EndOffset(block);
        int cursor = block->SweepCursor;
        int foundBytes = 0;
        first = 0;
        ulong* link = null;
        while (cursor < end && (foundBytes == 0 || foundBytes + cellBytes <= limitBytes))
        {
            if (Block.Test(bits, cursor))
            {
                cursor += cellBytes;
                continue;
            }

            // A run of free cells is cleared in one go, then linked in the order of addresses.
            int start = cursor;
            do
            {
                cursor += cellBytes;
                foundBytes += cellBytes;
            }
            while (cursor < end && foundBytes + cellBytes <= limitBytes && !Block.Test(bits, cursor));

            RuntimeMemory.Clear((byte*)block + start, (nuint)(cursor - start));
            for (int cell = start; cell < cursor; cell += cellBytes)
            {
                ulong* word = (ulong*)((byte*)block + cell + HeapLayout.HeaderBytes);
                if (link == null)
                {
                    first = (ulong)word;
                }
                else
                {
                    *link = (ulong)word;
                }

                link = word;
            }
        }

        block->SweepCursor = cursor;
        return foundBytes;
    }

    internal static int DefaultRunBytes => RunBytes;
}
