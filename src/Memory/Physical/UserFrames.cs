using Cashew.Machine;
using Cashew.Runtime;
using Cashew.Tasks;

namespace Cashew.Memory;

/// <summary>
/// Frames for programs' pages and for file pages: all but the kernel's reserve. A thread whose group has a
/// limit is charged for them.
/// </summary>
/// <locking>Takes only the frame allocator's locks. Never asks caches to shrink: see
/// <see cref="MemoryPressure"/>.</locking>
public static class UserFrames
{
    // Less is not worth a collection.
    private const long WorthCollectingBytes = 1 << 20;

    /// <summary>A frame with undefined contents.</summary>
    public static bool TryAllocate(out Frame frame)
    {
        frame = default;
        int account = CurrentAccount;
        if (account != 0) return TryAllocateCharged(account, out frame);
        return MayTake() && Frame.TryAllocate(out frame);
    }

    public static bool TryAllocateZeroed(out Frame frame)
    {
        frame = default;
        int account = CurrentAccount;
        if (account == 0) return MayTake() && Frame.TryAllocateZeroed(out frame);
        if (!TryAllocateCharged(account, out frame)) return false;
        frame.Clear();
        return true;
    }

    private static int CurrentAccount => Thread.HasCurrent ? Thread.Current.FrameAccount : 0;

    private static bool TryAllocateCharged(int account, out Frame frame)
    {
        frame = default;
        if (!MayTake() || !FrameCharges.TryCharge(account)) return false;
        if (Frame.TryAllocate(out frame))
        {
            frame.SetAccount(account);
            return true;
        }

        FrameCharges.Uncharge(account);
        return false;
    }

    /// <summary>A block of zeros, as long as there is plenty of memory: who has small pages only needs less.
    /// Not for who is charged.</summary>
    public static bool TryAllocateZeroedBlock(out FrameBlock block)
    {
        block = default;
        bool isPlenty = Frame.FreeCount - FrameBlock.FrameCount > KernelObjects.ReservedFrames * 2;

        // Frames are charged one by one.
        return isPlenty && CurrentAccount == 0 && FrameBlock.TryAllocateZeroed(out block);
    }

    private static bool MayTake()
    {
        long free = Frame.FreeCount;
        long reserved = KernelObjects.ReservedFrames;

        // When pages become few, the kernel's garbage goes first: before a program has to.
        if (free < reserved * 2 && Collector.AllocatedBytes > WorthCollectingBytes) Collector.Suggest();
        return free > reserved;
    }
}
