namespace Cashew.Runtime;

/// <summary>Promises of memory; see <see cref="Collector.TryReserve"/>.</summary>
/// <remarks>
/// Small objects: in the worst case each class of sizes needs a block of its own, and the stock of granules is larger
/// than what an operation takes beyond that. Whatever else the machine does, it cannot use the stock. A large object's
/// granules are taken at once and kept in the processor's context.
/// </remarks>
internal static unsafe class HeapReserve
{
    internal static bool TryReserve(long bytes)
    {
        if (bytes > SizeClasses.LargestCell)
        {
            if (bytes > (long)HeapLayout.MaximumGranules * HeapLayout.GranuleBytes - Block.CellsOffset)
            {
                return false;
            }

            return TryReserveRun(Allocator.GranulesFor((nuint)bytes)) && IsStockGood();
        }

        return IsStockGood();
    }

    /// <summary>Frees a run that nobody took.</summary>
    internal static void ReleaseRun(AllocationContext* context)
    {
        if (context->ReservedRun != 0)
        {
            GranuleSupply.ReturnRun(context->ReservedRun, context->ReservedGranules);
            context->ReservedRun = 0;
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
        if (context->ReservedRun != 0 && context->ReservedGranules == granules)
        {
            return true;
        }

        ReleaseRun(context);
        nint run = GranuleSupply.TakeRun(granules);
        if (run == 0)
        {
            Collector.Collect();
            run = GranuleSupply.TakeRun(granules);
        }

        context->ReservedRun = run;
        context->ReservedGranules = granules;
        return run != 0;
    }
}
