namespace Cashew.Machine;

/// <summary>
/// Kernel stacks of 16 KiB, each above 16 KiB of unmapped guard. A few free ones are kept mapped for the next
/// thread; the rest go back to the frame allocator.
/// </summary>
internal static unsafe class KernelStacks
{
    internal const int StackBytes = 4 * FrameTable.FrameSizeBytes;

    private const int SlotBytes = 2 * StackBytes;
    private const int MaximumSlots = 40960;
    private const int MaximumKept = 32;

    private static readonly SpinLock s_lock = new(LockRank.StackPool);

    // All protected by s_lock.
    private static Pool s_pool;

    /// <summary>Does an address lie in the region of kernel stacks (mapped or not)?</summary>
    internal static bool Contains(ulong address) =>
        address >= KernelMap.StackRegion && address < KernelMap.StackRegion + (ulong)MaximumSlots * SlotBytes
        && (address - KernelMap.StackRegion) % SlotBytes >= StackBytes;

    /// <summary>Is it one of the guards? Then a thread ran out of stack.</summary>
    internal static bool IsGuard(ulong address) =>
        address >= KernelMap.StackRegion && address < KernelMap.StackRegion + (ulong)MaximumSlots * SlotBytes
        && (address - KernelMap.StackRegion) % SlotBytes < StackBytes;

    /// <summary>The top of a free stack; zero when there is no memory or no slot.</summary>
    internal static ulong TryTake()
    {
        int slot = -1;
        using (s_lock.Acquire())
        {
            if (s_pool.KeptCount > 0)
            {
                return Top(s_pool.Kept[--s_pool.KeptCount]);
            }

            slot = s_pool.FreeSlots != 0 ? PopFreeSlotLocked() : s_pool.NextSlot < MaximumSlots ? s_pool.NextSlot++ : -1;
        }

        if (slot < 0)
        {
            return 0;
        }

        if (!TryMap(slot))
        {
            using (s_lock.Acquire())
            {
                PushFreeSlotLocked(slot);
            }

            return 0;
        }

        return Top(slot);
    }

    /// <summary>Gives a stack back. Nobody runs on it any more.</summary>
    internal static void Return(ulong top)
    {
        int slot = (int)((top - KernelMap.StackRegion) / SlotBytes) - 1;
        using (s_lock.Acquire())
        {
            if (s_pool.KeptCount < MaximumKept)
            {
                s_pool.Kept[s_pool.KeptCount++] = slot;
                return;
            }
        }

        for (int page = 0; page < StackBytes / FrameTable.FrameSizeBytes; page++)
        {
            UnmapPage(slot, page);
        }

        using (s_lock.Acquire())
        {
            PushFreeSlotLocked(slot);
        }
    }

    private static ulong Top(int slot) => KernelMap.StackRegion + (ulong)(slot + 1) * SlotBytes;

    private static ulong PageAddress(int slot, int page) =>
        Top(slot) - StackBytes + (ulong)(page * FrameTable.FrameSizeBytes);

    private static bool TryMap(int slot)
    {
        for (int page = 0; page < StackBytes / FrameTable.FrameSizeBytes; page++)
        {
            uint frame = FrameAllocator.AllocateForPrograms(FrameKind.KernelStack);
            if (frame == 0 || !KernelMap.TryMapStackPage(PageAddress(slot, page), (ulong)frame << FrameTable.FrameShift))
            {
                if (frame != 0)
                {
                    FrameAllocator.Free(frame, 0);
                }

                while (--page >= 0)
                {
                    UnmapPage(slot, page);
                }

                return false;
            }
        }

        return true;
    }

    private static void UnmapPage(int slot, int page)
    {
        ulong physical = KernelMap.UnmapStackPage(PageAddress(slot, page));
        FrameAllocator.Free((uint)(physical >> FrameTable.FrameShift), 0);
    }

    // Free slots form a list through an array; entry i holds the next free slot + 1.
    private static int PopFreeSlotLocked()
    {
        int slot = s_pool.FreeSlots - 1;
        s_pool.FreeSlots = s_pool.NextFree[slot];
        return slot;
    }

    private static void PushFreeSlotLocked(int slot)
    {
        s_pool.NextFree[slot] = s_pool.FreeSlots;
        s_pool.FreeSlots = slot + 1;
    }

    private struct Pool
    {
        internal fixed int Kept[MaximumKept];
        internal int KeptCount;
        internal int NextSlot;
        internal int FreeSlots;
        internal fixed int NextFree[MaximumSlots];
    }
}
