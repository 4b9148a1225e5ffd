using Cashew.Runtime;

namespace Cashew.Memory;

/// <summary>
/// Arrays whose length a program picks. What fits a granule of the heap (64 KiB) always comes from somewhere;
/// a larger one needs that many frames in a row, which have to be reserved first.
/// </summary>
public static class LargeArray
{
    private const int FreeBytes = 60 * 1024;

    // Array header, and what is lost at the end of the last granule.
    private const int OverheadBytes = 64 * 1024;

    /// <summary>False: answer ENOMEM.</summary>
    /// <locking>At the edge of a system call, no lock held: may collect.</locking>
    public static bool TryReserve(long bytes) =>
        bytes <= FreeBytes || Collector.TryReserve(bytes + OverheadBytes);
}
