using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace Cashew.Runtime;

/// <summary>
/// Where <c>new</c> arrives when the processor's list of free cells is empty, or the object is large. The
/// common case is in Allocate.S: fourteen instructions, of which reading the processor's block is what C#
/// cannot express.
/// </summary>
internal static unsafe class Allocator
{
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "RhpNewFast")]
    internal static extern object NewObject(MethodTable* type);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "RhpNewArrayFast")]
    internal static extern object NewArray(MethodTable* type, nint length);

    /// <summary>How many granules an object takes that does not fit a cell.</summary>
    internal static int GranulesFor(nuint sizeBytes) =>
        (int)((sizeBytes + Block.CellsOffset + HeapLayout.GranuleMask) >> HeapLayout.GranuleShift);

    [RuntimeExport("cashew_new_object_slow")]
    private static nint NewObjectSlow(MethodTable* type, AllocationContext* context)
    {
        nint address = Take(type->BaseSizeBytes, context);
        *(MethodTable**)address = type;
        return address;
    }

    [RuntimeExport("cashew_new_array_slow")]
    private static nint NewArraySlow(MethodTable* type, nint length, AllocationContext* context)
    {
        if ((nuint)length > int.MaxValue)
        {
            throw new OverflowException();
        }

        nint address = Take(type->BaseSizeBytes + (nuint)length * type->ComponentSizeBytes, context);
        *(MethodTable**)address = type;
        *(int*)(address + sizeof(nint)) = (int)length;
        return address;
    }

    /// <summary>A place for an object, cleared.</summary>
    private static nint Take(nuint sizeBytes, AllocationContext* context)
    {
        if (RuntimeHooks.CheckAllocation != null)
        {
            RuntimeHooks.CheckAllocation();
        }

        if ((Collector.Stress & CollectorStress.EveryAllocation) != 0)
        {
            Collector.Collect();
        }

        if (sizeBytes > SizeClasses.LargestCell)
        {
            return TakeLarge(sizeBytes, context);
        }

        int sizeClass = SizeClasses.Find(sizeBytes);
        ulong cell = context->FreeCells[sizeClass];
        if (cell == 0)
        {
            cell = Refill(sizeClass, context);
        }

        context->FreeCells[sizeClass] = *(ulong*)cell;
        return (nint)cell;
    }

    /// <summary>
    /// Fills the empty list of a class: from the block in work, one that waits, or a new one.
    /// </summary>
    private static ulong Refill(int sizeClass, AllocationContext* context)
    {
        // Under stress one cell at a time, so that every allocation comes this way and is noted.
        uint enoughBytes = (Collector.Stress & CollectorStress.EveryChance) == 0 ? Sweeper.DefaultBytes : 1;
        while (true)
        {
            Block* block = (Block*)context->Blocks[sizeClass];
            if (block != null)
            {
                uint bytes = Sweeper.Next(block, out ulong first, enoughBytes);
                if (bytes != 0)
                {
                    Collector.NoteAllocated(bytes);
                    return first;
                }
            }

            context->Blocks[sizeClass] = (ulong)NextBlock(sizeClass, context);
        }
    }

    private static Block* NextBlock(int sizeClass, AllocationContext* context)
    {
        Block* block = BlockList.TakeWaiting(sizeClass);
        if (block != null)
        {
            return block;
        }

        block = GranuleSupply.Take();
        if (block == null && BlockList.TrySortAll())
        {
            block = GranuleSupply.Take();
        }

        if (block == null)
        {
            block = (Block*)HeapReserve.Take(context, 1);
        }

        if (block == null)
        {
            RuntimeHooks.Fatal("out of kernel memory");
        }

        BlockList.Format(block, sizeClass);
        return block;
    }

    private static nint TakeLarge(nuint sizeBytes, AllocationContext* context)
    {
        if (sizeBytes > (nuint)HeapLayout.MaximumGranules * HeapLayout.GranuleBytes - Block.CellsOffset)
        {
            throw new OutOfMemoryException("an object of more than 4 MiB");
        }

        // What was reserved for just this comes first; a reserve for something else only when there are no
        // more frames.
        int granules = GranulesFor(sizeBytes);
        nint run = context->ReservedGranules == granules
            ? HeapReserve.Take(context, granules)
            : GranuleSupply.TakeRun(granules);
        if (run == 0)
        {
            run = HeapReserve.Take(context, granules);
        }

        if (run == 0)
        {
            RuntimeHooks.Fatal("out of kernel memory for a large object");
        }

        RuntimeMemory.Clear((void*)run, (nuint)granules * HeapLayout.GranuleBytes);
        Collector.NoteAllocated((long)granules * HeapLayout.GranuleBytes);
        return BlockList.FormatLarge(run, granules);
    }
}
