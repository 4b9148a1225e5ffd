namespace Cashew.Runtime;

/// <summary>All blocks, and those of each size class that wait to be swept; and all large objects.</summary>
/// <remarks>
/// When all is marked, each block is looked at once (sorted) before anybody sweeps it: in steps, and by an
/// allocator that finds no other.
/// </remarks>
internal static unsafe class BlockList
{
    private static RuntimeLock s_lock; // the heap lock: every list here, and the granule map
    private static Block* s_all;
    private static Block* s_large;
    private static Block* s_unsorted;
    private static Block* s_unsortedLarge;
    private static Waiting s_waiting;
    private static long s_sortedBytes; // what was found alive since sorting began
    private static long s_sortedObjects;

    // How many blocks an allocation sorts before it asks for memory that the heap does not have yet.
    private const int SortedByAllocation = 8;

    // What one block counts for, in words looked at: both sets of bits, and its head.
    private const int WorkForBlock = 2 * Block.BitmapWords;

    internal static Block* First => s_all;

    internal static Block* FirstLarge => s_large;

    /// <summary>A block with cells to sweep, for a processor to own; null when there is none.</summary>
    internal static Block* TakeWaiting(int sizeClass)
    {
        s_lock.Enter();
        Block* block = PopWaitingLocked(sizeClass);
        for (int i = 0; block == null && s_unsorted != null && i < SortedByAllocation; i++)
        {
            SortFirstLocked();
            block = PopWaitingLocked(sizeClass);
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
        if (WriteBarrier.IsOn)
        {
            _ = Block.TrySetMark(block, Block.CellsOffset);
        }

        GranuleMap.Add(run, granuleCount);
        s_lock.Exit();
        return run + Block.CellsOffset + HeapLayout.HeaderBytes;
    }

    /// <summary>
    /// All is marked, and the bits are exchanged: no block may be swept before it is sorted. While the other
    /// processors are stopped.
    /// </summary>
    internal static void BeginSorting()
    {
        s_unsorted = s_all;
        s_unsortedLarge = s_large;
        s_all = null;
        s_large = null;
        s_waiting = default;
        s_sortedBytes = 0;
        s_sortedObjects = 0;
    }

    /// <summary>
    /// Empty blocks become free granules, the others wait to be swept. True when all are sorted; then, what
    /// lives.
    /// </summary>
    internal static bool TryFinishSorting(ref long work, out long liveBytes, out long liveObjects)
    {
        s_lock.Enter();
        while (work > 0 && s_unsorted != null)
        {
            SortFirstLocked();
            work -= WorkForBlock;
        }

        while (work > 0 && s_unsortedLarge != null)
        {
            SortFirstLargeLocked();
            work -= WorkForBlock;
        }

        bool isDone = s_unsorted == null && s_unsortedLarge == null;
        liveBytes = s_sortedBytes;
        liveObjects = s_sortedObjects;
        s_lock.Exit();
        return isDone;
    }

    /// <summary>
    /// Sorts whatever is not yet sorted: an allocation finds no memory, and empty blocks are as good. False
    /// when there was nothing to sort.
    /// </summary>
    internal static bool TrySortAll()
    {
        if (s_unsorted == null && s_unsortedLarge == null)
        {
            return false;
        }

        long work = long.MaxValue;
        return TryFinishSorting(ref work, out _, out _);
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

    private static Block* PopWaitingLocked(int sizeClass)
    {
        Block* block = (Block*)s_waiting.First[sizeClass];
        if (block != null)
        {
            s_waiting.First[sizeClass] = (ulong)block->Next;
        }

        return block;
    }

    private static void SortFirstLocked()
    {
        Block* block = s_unsorted;
        s_unsorted = block->NextOfAll;
        if ((Collector.Stress & CollectorStress.EveryChance) != 0)
        {
            Poison.OverwriteFreed(block);
        }

        int live = Block.LiveCount(block);
        if (live == 0)
        {
            GranuleMap.Remove((nint)block, 1);
            GranuleSupply.Return(block);
            return;
        }

        s_sortedObjects += live;
        s_sortedBytes += (long)live * block->CellBytes;
        RuntimeMemory.Clear(Block.MarkBits(block), Block.BitmapBytes);
        block->NextOfAll = s_all;
        s_all = block;
        if (live == block->CellCount)
        {
            block->SweepCursor = Block.EndOffset(block);
            return;
        }

        block->SweepCursor = Block.CellsOffset;
        block->Next = (Block*)s_waiting.First[block->SizeClass];
        s_waiting.First[block->SizeClass] = (ulong)block;
    }

    private static void SortFirstLargeLocked()
    {
        Block* block = s_unsortedLarge;
        s_unsortedLarge = block->NextOfAll;
        if (Block.LiveCount(block) == 0)
        {
            if ((Collector.Stress & CollectorStress.EveryChance) != 0)
            {
                Poison.OverwriteFreed(block);
            }

            GranuleMap.Remove((nint)block, block->GranuleCount);
            GranuleSupply.ReturnRun((nint)block, block->GranuleCount);
            return;
        }

        s_sortedObjects++;
        s_sortedBytes += (long)block->GranuleCount * HeapLayout.GranuleBytes;
        RuntimeMemory.Clear(Block.MarkBits(block), Block.BitmapBytes);
        block->NextOfAll = s_large;
        s_large = block;
    }

    private struct Waiting
    {
        internal fixed ulong First[SizeClasses.Count + 1];
    }
}
