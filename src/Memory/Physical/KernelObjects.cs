using Cashew.Machine;
using Cashew.Runtime;

namespace Cashew.Memory;

/// <summary>
/// Whether the kernel may still make objects on behalf of a program. The collected heap cannot fail
/// gracefully, so programs are refused while there are still frames for it to grow into.
/// </summary>
/// <remarks>
/// Three marks: below twice <see cref="Frame.KernelReserve"/> programs get no pages, below the reserve itself
/// no page tables, no stacks and no objects, and what the heap takes beyond that comes from its own stock,
/// which is filled again before a processor goes back to user mode.
/// </remarks>
public static class KernelObjects
{
    /// <summary>
    /// Frames that programs' pages leave alone, for the heap, stacks and tables of the kernel itself: a 64th
    /// of memory, 16 MiB at most.
    /// </summary>
    public static long ReservedFrames => Frame.KernelReserve * 2;

    /// <summary>Does the heap hold more than it may? Then a process has to give some back.</summary>
    public static bool IsHeapFull => Collector.HeapBytes > MostBytes;

    private static long MostBytes => MemoryBytes / 8 * 7;

    private static long MemoryBytes => Frame.TotalCount * Frame.SizeBytes;

    /// <summary>False: answer ENOMEM instead of creating an object that a program has asked for.</summary>
    /// <remarks>A program that holds all pages can still unmap, close and exit: that makes no objects that
    /// last.</remarks>
    public static bool MayCreate()
    {
        if (Frame.FreeCount <= Frame.KernelReserve) return false;
        return MayHoldMore(MostBytes) && (!Collector.IsShort || Collector.TryRestock());
    }

    /// <summary>The same for what a process has open, and what comes with that: it leaves an eighth of memory
    /// to processes themselves, whose objects are found and given back when one is killed.</summary>
    public static bool MayCreateFile() => MayHoldMore(MemoryBytes / 8 * 6) && MayCreate();

    /// <summary>The same for files in memory and other things with a name: it leaves an eighth more, so that
    /// somebody can remove them. To kill a process does not make them go.</summary>
    public static bool MayCreateName() => MayHoldMore(MemoryBytes / 8 * 5) && MayCreate();

    private static bool MayHoldMore(long mostBytes)
    {
        if (Collector.HeapBytes <= mostBytes) return true;

        // It may be garbage; if not, that comes out then.
        Collector.Request();
        return false;
    }
}
