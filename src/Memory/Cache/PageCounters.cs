using System.Threading;

namespace Cashew.Memory;

/// <summary>Pages in all page caches together, for /proc/meminfo.</summary>
internal static class PageCounters
{
    private static long s_cached;
    private static long s_sharedMemory;

    /// <summary>Pages of files, those of shared memory included, as "Cached" counts them.</summary>
    internal static long Cached => Volatile.Read(ref s_cached);

    internal static long SharedMemory => Volatile.Read(ref s_sharedMemory);

    internal static void Add(PageSource source, long pages)
    {
        _ = Interlocked.Add(ref s_cached, pages);
        if (source.IsSharedMemory) _ = Interlocked.Add(ref s_sharedMemory, pages);
    }
}
