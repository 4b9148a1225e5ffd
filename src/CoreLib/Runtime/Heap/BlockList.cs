namespace Cashew.Runtime;

/// <summary>All blocks, and those of each size class that wait to be swept; and all large objects.</summary>
internal static unsafe class BlockList
{
    private static RuntimeLock s_lock; // the heap lock: every list here, and the granule map
    private static Block* s_all;
    private static Block* s_large;
    private static Waiting s_waiting;

    /// <summary>A block with cells to sweep, for a processor to own; null when there is none.</summary>
    internal static Block* TakeWaiting(int sizeClass)
    {
        s_lock.Enter();
        Block* block = (Block*)s_waiting.First[sizeClass];
        if (block != null)
        {
            s_waiting.First[sizeClass] = (ulong)block->Next;
        }

        s_lock.Exit();
        return block;
    }

    /// <summary>Makes a granule a block of free cells, none of which is swept yet.</summary>
    internal static void Format(Block* block, int sizeClass)
    {
        RuntimeMemory.Clear(block, Block.CellsOffset);
        block->SizeClass = sizeClass;
        block->CellBytes = (uint)SizeClasses.CellBytes(sizeClass);
        block->CellCount = Block.UsableBytes / block->CellBytes;
        block->SweepCursor = Block.CellsOffset;
        block->GranuleCount = 1;
        s_lock.Enter();
        block->NextOfAll = s_all;
        s_all = block;
        GranuleMap.Add((nint)block, 1);
        s_lock.Exit();
    }

    /// <summary>Makes a run of granules, cleared, the place of one object; returns its address.</summary>
    internal static nint FormatLarge(nint run, int granuleCount)
    {
        Block* block = (Block*)run;
        block->SizeClass = SizeClasses.Count;
        block->CellBytes = (uint)granuleCount * HeapLayout.GranuleBytes - Block.CellsOffset;
        block->CellCount = 1;
        block->SweepCursor = uint.MaxValue;
        block->GranuleCount = granuleCount;
        s_lock.Enter();
        block->NextOfAll = s_large;
        s_large = block;
        GranuleMap.Add(run, granuleCount);
        s_lock.Exit();
        return run + Block.CellsOffset + HeapLayout.HeaderBytes;
    }

    /// <summary>Start of a collection: no object is marked.</summary>
    internal static void ClearMarks()
    {
        ClearMarks(s_all);
        ClearMarks(s_large);
    }

    /// <summary>
    /// End of a collection: empty blocks become free granules, the others wait to be swept. Counts what
    /// lives.
    /// </summary>
    internal static void Sort(out long liveBytes, out long liveObjects)
    {
        liveBytes = 0;
        liveObjects = 0;
        s_waiting = default;
        Block* kept = null;
        for (Block* block = s_all, next; block != null; block = next)
        {
            next = block->NextOfAll;
            if ((Collector.Stress & CollectorStress.EveryChance) != 0)
            {
                Poison.OverwriteFreed(block);
            }

            int marked = Block.MarkedCount(block);
            if (marked == 0)
            {
                GranuleMap.Remove((nint)block, 1);
                GranuleSupply.Return(block);
                continue;
            }

            liveObjects += marked;
            liveBytes += (long)marked * block->CellBytes;
            block->NextOfAll = kept;
            kept = block;
            if (marked == block->CellCount)
            {
                block->SweepCursor = Block.EndOffset(block);
                continue;
            }

            block->SweepCursor = Block.CellsOffset;
            block->Next = (Block*)s_waiting.First[block->SizeClass];
            s_waiting.First[block->SizeClass] = (ulong)block;
        }

        s_all = kept;
        SortLarge(ref liveBytes, ref liveObjects);
    }

    /// <summary>Visits every block and large object; while the other processors are stopped.</summary>
    internal static void ForEach(delegate*<Block*, void> visit)
    {
        for (Block* block = s_all; block != null; block = block->NextOfAll)
        {
            visit(block);
        }

        for (Block* block = s_large; block != null; block = block->NextOfAll)
        {
            visit(block);
        }
    }

    private static void ClearMarks(Block* first)
    {
        for (Block* block = first; block != null; block = block->NextOfAll)
        {
            RuntimeMemory.Clear(Block.Bits(block), Block.BitmapBytes);
        }
    }

    private static void SortLarge(ref long liveBytes, ref long liveObjects)
    {
        Block* kept = null;
        for (Block* block = s_large, next; block != null; block = next)
        {
            next = block->NextOfAll;
            if (Block.MarkedCount(block) == 0)
            {
                if ((Collector.Stress & CollectorStress.EveryChance) != 0)
                {
                    Poison.OverwriteFreed(block);
                }

                GranuleMap.Remove((nint)block, block->GranuleCount);
                GranuleSupply.ReturnRun((nint)block, block->GranuleCount);
                continue;
            }

            liveObjects++;
            liveBytes += (long)block->GranuleCount * HeapLayout.GranuleBytes;
            block->NextOfAll = kept;
            kept = block;
        }

        s_large = kept;
    }

    private struct Waiting
    {
        internal fixed ulong First[SizeClasses.Count + 1];
    }
}
