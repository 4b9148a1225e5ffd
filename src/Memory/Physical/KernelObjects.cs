using Cashew.Machine;
using Cashew.Runtime;

namespace Cashew.Memory;

/// <summary>
/// Whether the kernel may still make objects on behalf of a program. The collected heap cannot fail gracefully, so
/// programs are refused while there are still frames for it to grow into.
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

    /// <summary>False: answer ENOMEM instead of creating an object that a program has asked for.</summary>
    /// <remarks>A program that holds all pages can still unmap, close and exit: that makes no objects that
    /// last.</remarks>
    public static bool MayCreate() =>
        Frame.FreeCount > Frame.KernelReserve && (!Collector.IsShort || Collector.TryRestock());
}
