using Cashew.Machine;
using Cashew.Runtime;

namespace Cashew.Memory;

/// <summary>
/// Frames for programs' pages and for file pages: all but the kernel's reserve.
/// </summary>
/// <locking>Takes only the frame allocator's locks. Never asks caches to shrink: see <see cref="MemoryPressure"/>.</locking>
public static class UserFrames
{
    // Less is not worth a collection.
    private const long WorthCollectingBytes = 1 << 20;

    /// <summary>A frame with undefined contents.</summary>
    public static bool TryAllocate(out Frame frame)
    {
        frame = default;
        return MayTake() && Frame.TryAllocate(out frame);
    }

    public static bool TryAllocateZeroed(out Frame frame)
    {
        frame = default;
        return MayTake() && Frame.TryAllocateZeroed(out frame);
    }

    /// <summary>A block of zeros, as long as there is plenty of memory: who has small pages only needs less.</summary>
    public static bool TryAllocateZeroedBlock(out FrameBlock block)
    {
        block = default;
        bool isPlenty = Frame.FreeCount - FrameBlock.FrameCount > KernelObjects.ReservedFrames * 2;
        return isPlenty && FrameBlock.TryAllocateZeroed(out block);
    }

    private static bool MayTake()
    {
        long free = Frame.FreeCount;
        long reserved = KernelObjects.ReservedFrames;

        // When pages become few, the kernel's garbage goes first: before a program has to.
        if (free < reserved * 2 && Collector.AllocatedBytes > WorthCollectingBytes) Collector.Request();
        return free > reserved;
    }
}
