using Cashew.Machine;

namespace Cashew.Memory;

/// <summary>
/// Whether the kernel may still make objects on behalf of a program. The collected heap cannot fail gracefully, so
/// programs are refused while there are still frames for it to grow into.
/// </summary>
public static class KernelObjects
{
    /// <summary>
    /// Frames that programs' requests leave alone, for the heap, stacks and tables of the kernel itself: a 64th of
    /// memory, 16 MiB at most.
    /// </summary>
    internal static long ReservedFrames
    {
        get
        {
            const long MostFrames = (16L << 20) / UserAddress.PageSizeBytes;
            long share = Frame.TotalCount / 64;
            return share < MostFrames ? share : MostFrames;
        }
    }

    /// <summary>False: answer ENOMEM instead of creating an object that a program has asked for.</summary>
    /// <remarks>Half of what user pages leave: a program that holds all pages can still unmap, close and exit.</remarks>
    public static bool MayCreate() => Frame.FreeCount > ReservedFrames / 2;
}
