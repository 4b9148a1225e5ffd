using Cashew.Machine;

namespace Cashew.Memory;

/// <summary>
/// Frames for programs' pages and for file pages: all but the kernel's reserve.
/// </summary>
/// <locking>Takes only the frame allocator's locks. Never asks caches to shrink: see <see cref="MemoryPressure"/>.</locking>
public static class UserFrames
{
    /// <summary>A frame with undefined contents.</summary>
    public static bool TryAllocate(out Frame frame)
    {
        frame = default;
        return Frame.FreeCount > KernelObjects.ReservedFrames && Frame.TryAllocate(out frame);
    }

    public static bool TryAllocateZeroed(out Frame frame)
    {
        frame = default;
        return Frame.FreeCount > KernelObjects.ReservedFrames && Frame.TryAllocateZeroed(out frame);
    }
}
