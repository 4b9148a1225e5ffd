using System.Threading;
using Cashew.Machine;
using Cashew.Runtime;

namespace Cashew.Memory;

/// <summary>Asks caches to shrink when an allocation has failed. Used at the outer edge of an operation,
/// which is then tried again.</summary>
public static class MemoryPressure
{
    // Enough for several requests, so that the next one does not come here at once.
    private const int WantedFrames = 64;

    // A list that only grows, at its head: readers need no lock.
    private static Shrinker? s_shrinkers;

    private static long s_calls;

    /// <summary>How often memory was short.</summary>
    public static long Calls => Volatile.Read(ref s_calls);

    /// <summary>For good: there is no way back.</summary>
    public static void Register(Shrinker shrinker)
    {
        while (true)
        {
            Shrinker? head = Volatile.Read(ref s_shrinkers);
            shrinker.Next = head;
            if (ReferenceEquals(Interlocked.CompareExchange(ref s_shrinkers, shrinker, head), head)) return;
        }
    }

    /// <summary>True when something was given back and another attempt makes sense.</summary>
    /// <locking>See <see cref="Shrinker.Shrink"/>.</locking>
    public static bool TryRelieve()
    {
        _ = Interlocked.Increment(ref s_calls);
        int freed = 0;
        for (Shrinker? shrinker = Volatile.Read(ref s_shrinkers);
             shrinker is not null && freed < WantedFrames;
             shrinker = shrinker.Next)
        {
            freed += shrinker.Shrink(WantedFrames - freed);
        }

        return freed > 0;
    }

    /// <summary>Gives back all pages that could be had again.</summary>
    /// <locking>No lock is held.</locking>
    /// <source>proc_sys_vm(5), drop_caches.</source>
    public static void DropPages()
    {
        Shrinker? next = Volatile.Read(ref s_shrinkers);
        for (; next is Shrinker shrinker; next = shrinker.Next)
        {
            while (shrinker.Shrink(WantedFrames) > 0)
            {
            }
        }
    }

    /// <summary>Lets go of all objects that could be had again.</summary>
    /// <locking>No lock is held.</locking>
    /// <source>proc_sys_vm(5), drop_caches.</source>
    public static void DropObjects()
    {
        Shrinker? next = Volatile.Read(ref s_shrinkers);
        for (; next is Shrinker shrinker; next = shrinker.Next) shrinker.DropObjects();
    }

    /// <summary>
    /// Makes frames of the kernel's own objects: of garbage, and of caches that hold objects rather than
    /// pages. At the edge of an operation.
    /// </summary>
    /// <returns>True when there are more free frames than before, so that another attempt makes
    /// sense.</returns>
    /// <locking>No lock is held.</locking>
    public static bool TryCollect()
    {
        _ = Interlocked.Increment(ref s_calls);
        DropObjects();
        long free = Frame.FreeCount;
        Collector.Collect();
        return Frame.FreeCount > free;
    }
}
