using System.Threading;

namespace Cashew.Runtime;

/// <summary>
/// Granules for the heap: a small stock of free ones before the frame allocator. The stock is also what is
/// left when the frame allocator has nothing more: a system call in progress can still finish, and whoever
/// asks for room beforehand (<see cref="Collector.TryReserve"/>, <see cref="Collector.TryRestock"/>) is
/// refused. What is taken from it is made up for before the processor is back in user mode: by a collection,
/// and if that finds too little, by whoever looks at <see cref="Collector.IsShort"/> there.
/// </summary>
internal static unsafe class GranuleSupply
{
    private const int SmallestStock = 8;
    private const int LargestStock = 64;

    // The stock is at most this part of memory.
    private const int StockShareShift = 6;

    private static RuntimeLock s_lock;   // the supply lock: s_first, s_count
    private static Block* s_first;
    private static int s_count;
    private static int s_stock;          // how many we want to have; fixed at boot
    private static long s_heapGranules;  // granules in use or in stock

    /// <summary>All memory that the heap holds.</summary>
    internal static long HeapBytes => Volatile.Read(ref s_heapGranules) << HeapLayout.GranuleShift;

    internal static int StockCount => Volatile.Read(ref s_count);

    /// <summary>The count that the stock is kept at as long as there are free frames.</summary>
    internal static int StockTarget => s_stock;

    internal static void Initialize(ulong physicalLimit)
    {
        ulong share = physicalLimit >> (StockShareShift + HeapLayout.GranuleShift);
        s_stock = share < SmallestStock ? SmallestStock : share > LargestStock ? LargestStock : (int)share;
    }

    /// <summary>One granule with undefined contents; null when neither frames nor stock are left.</summary>
    internal static Block* Take()
    {
        nint fresh = RuntimeHooks.AllocateFrames(HeapLayout.GranuleOrder);
        if (fresh != 0)
        {
            if (GranuleMap.TryPrepare(fresh))
            {
                Interlocked.Increment(ref s_heapGranules);
                return (Block*)fresh;
            }

            RuntimeHooks.FreeFrames(fresh, HeapLayout.GranuleOrder);
        }

        // Not only when as much garbage as usual has come together: nothing but the stock is left meanwhile.
        Collector.Request();
        return TakeFromStock();
    }

    /// <summary>A run of granules; zero when there is none. Of the stock only a run of one can be
    /// had.</summary>
    internal static nint TakeRun(int count)
    {
        if (count == 1)
        {
            return (nint)Take();
        }

        int order = HeapLayout.GranuleOrder;
        while (1 << (order - HeapLayout.GranuleOrder) < count)
        {
            order++;
        }

        nint run = RuntimeHooks.AllocateFrames(order);
        if (run == 0)
        {
            return 0;
        }

        // What the power of two has too much goes back at once.
        int excess = (1 << (order - HeapLayout.GranuleOrder)) - count;
        GiveBack(run + (nint)count * HeapLayout.GranuleBytes, excess);
        if (!GranuleMap.TryPrepare(run))
        {
            GiveBack(run, count);
            return 0;
        }

        Interlocked.Add(ref s_heapGranules, count);
        return run;
    }

    internal static void ReturnRun(nint run, int count)
    {
        GiveBack(run, count);
        Interlocked.Add(ref s_heapGranules, -count);
    }

    /// <summary>Into the stock; <see cref="Trim"/> gives back what is too much.</summary>
    internal static void Return(Block* granule)
    {
        s_lock.Enter();
        granule->Next = s_first;
        s_first = granule;
        s_count++;
        s_lock.Exit();
    }

    /// <summary>Fills the stock up from the frame allocator. False: it stays short.</summary>
    internal static bool TryFill()
    {
        while (StockCount < s_stock)
        {
            nint fresh = RuntimeHooks.AllocateFrames(HeapLayout.GranuleOrder);
            if (fresh == 0)
            {
                return false;
            }

            if (!GranuleMap.TryPrepare(fresh))
            {
                RuntimeHooks.FreeFrames(fresh, HeapLayout.GranuleOrder);
                return false;
            }

            Interlocked.Increment(ref s_heapGranules);
            Return((Block*)fresh);
        }

        return true;
    }

    /// <summary>Gives back what the stock has too much.</summary>
    internal static void Trim()
    {
        while (StockCount > s_stock)
        {
            Block* granule = TakeFromStock();
            if (granule == null)
            {
                return;
            }

            RuntimeHooks.FreeFrames((nint)granule, HeapLayout.GranuleOrder);
            Interlocked.Decrement(ref s_heapGranules);
        }
    }

    private static Block* TakeFromStock()
    {
        s_lock.Enter();
        Block* granule = s_first;
        if (granule != null)
        {
            s_first = granule->Next;
            s_count--;
        }

        s_lock.Exit();
        return granule;
    }

    /// <summary>Frees granules in the largest aligned pieces.</summary>
    private static void GiveBack(nint start, int count)
    {
        while (count > 0)
        {
            int order = HeapLayout.GranuleOrder;
            int pieceGranules = 1;
            while (2 * pieceGranules <= count
                && (start & ((nint)2 * pieceGranules * HeapLayout.GranuleBytes - 1)) == 0)
            {
                pieceGranules *= 2;
                order++;
            }

            RuntimeHooks.FreeFrames(start, order);
            start += (nint)pieceGranules * HeapLayout.GranuleBytes;
            count -= pieceGranules;
        }
    }
}
