namespace Cashew.Runtime;

/// <summary>Promises of memory; see <see cref="Collector.TryReserve"/>.</summary>
/// <remarks>
/// The stock of granules covers what is lost between cells: in the worst case each class of sizes that an
/// operation uses needs a block of its own. What it asks for beyond one cell, in bytes, is taken at once, as
/// one run of granules, and kept in the processor's context: for one large object, or for blocks once frames
/// and stock are used up.
/// </remarks>
internal static unsafe class HeapReserve
{
    internal static bool TryReserve(long bytes)
    {
        if (!IsStockGood())
        {
            return false;
        }

        if (bytes <= SizeClasses.LargestCell)
        {
            return true;
        }

        return bytes <= (long)HeapLayout.MaximumGranules * HeapLayout.GranuleBytes - Block.CellsOffset
            && TryReserveRun(Allocator.GranulesFor((nuint)bytes));
    }

    /// <summary>
    /// The next so many granules of what this processor has in reserve; zero when it has fewer.
    /// </summary>
    internal static nint Take(AllocationContext* context, int granules)
    {
        if (context->ReservedGranules < granules)
        {
            return 0;
        }

        nint run = context->ReservedRun;
        context->ReservedRun = run + (nint)granules * HeapLayout.GranuleBytes;
        context->ReservedGranules -= granules;
        return run;
    }

    /// <summary>Frees what this processor has in reserve: the operation that it was for has ended.</summary>
    internal static void Release()
    {
        AllocationContext* context = AllocationContext.Of(RuntimeHooks.CurrentProcessor());
        if (context->ReservedGranules != 0)
        {
            GranuleSupply.ReturnRun(context->ReservedRun, context->ReservedGranules);
            context->ReservedGranules = 0;
        }
    }

    private static bool IsStockGood()
    {
        if (GranuleSupply.StockCount >= GranuleSupply.StockTarget || GranuleSupply.TryFill())
        {
            return true;
        }

        Collector.Collect();
        return GranuleSupply.TryFill();
    }

    private static bool TryReserveRun(int granules)
    {
        AllocationContext* context = AllocationContext.Of(RuntimeHooks.CurrentProcessor());
        if (context->ReservedGranules == granules)
        {
            return true;
        }

        Release();
        nint run = GranuleSupply.TakeRun(granules);
        if (run == 0)
        {
            Collector.Collect();
            run = GranuleSupply.TakeRun(granules);
            if (run == 0)
            {
                return false;
            }
        }

        context->ReservedRun = run;
        context->ReservedGranules = granules;
        return true;
    }
}
