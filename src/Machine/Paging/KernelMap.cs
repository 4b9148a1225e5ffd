namespace Cashew.Machine;

/// <summary>
/// The kernel half of every address space: the image with the rights of its sections, all RAM through the
/// direct map, device registers, and kernel stacks with unmapped guard pages between them. Its top-level
/// entries exist from boot on and never change, so that every <see cref="PageTable"/> can copy them.
/// </summary>
internal static unsafe class KernelMap
{
    /// <summary>Kernel stacks: one slot of the top level, 512 GiB.</summary>
    internal const ulong StackRegion = 0xFFFF_C900_0000_0000;

    /// <summary>Device registers, uncached.</summary>
    internal const ulong DeviceRegion = 0xFFFF_D000_0000_0000;

    private const ulong LargePageBytes = 2UL << 20;

    private static ulong s_root;
    private static ulong s_nextDevice = DeviceRegion;

    internal static ulong Root => s_root;

    /// <summary>Builds the final tables from early memory and loads them.</summary>
    internal static void Initialize(ulong memoryEnd, bool hasNoExecute)
    {
        PageBits.NoExecute = hasNoExecute ? 1UL << 63 : 0;
        s_root = EarlyMemory.TakeFrame();
        MapDirect(memoryEnd);

        Image* image = Image.Table;
        MapImage(image->TextStart, image->TextEnd, 0);
        MapImage(image->ReadOnlyStart, image->ReadOnlyEnd, PageBits.NoExecute);
        MapImage(image->DataStart, image->DataEnd, PageBits.Writable | PageBits.NoExecute);
        MapImage(image->DataEnd, image->End, PageBits.NoExecute);
        // The page below the boot stack is its guard.
        *Entry(image->BootStackBottom - FrameTable.FrameSizeBytes, 0, early: true) = 0;

        // Make sure that the two growing regions have their top-level entries.
        _ = Entry(StackRegion, 2, early: true);
        _ = Entry(DeviceRegion, 2, early: true);
        CpuBlock.Current->ActiveRoot = s_root;
        Instructions.WriteCr3(s_root);
    }

    /// <summary>Maps a page of a kernel stack; false when there is no frame for a table.</summary>
    internal static bool TryMapStackPage(ulong address, ulong physical)
    {
        ulong* entry = Entry(address, 0, early: false);
        if (entry == null)
        {
            return false;
        }

        *entry = physical | PageBits.Present | PageBits.Writable | PageBits.Global | PageBits.NoExecute;
        return true;
    }

    /// <summary>Removes a page of a kernel stack and returns its frame's address.</summary>
    internal static ulong UnmapStackPage(ulong address)
    {
        ulong* entry = Entry(address, 0, early: false);
        ulong physical = *entry & PageBits.AddressMask;
        *entry = 0;
        Instructions.InvalidatePage(address);
        return physical;
    }

    /// <summary>Maps device registers for good; null when there is no frame for a table.</summary>
    internal static byte* TryMapDevice(ulong physical, ulong lengthBytes)
    {
        ulong first = physical & ~(ulong)(FrameTable.FrameSizeBytes - 1);
        ulong address = s_nextDevice;
        for (ulong page = first; page < physical + lengthBytes; page += FrameTable.FrameSizeBytes)
        {
            ulong* entry = Entry(s_nextDevice, 0, early: false);
            if (entry == null)
            {
                return null;
            }

            *entry = page | PageBits.Present | PageBits.Writable | PageBits.CacheDisable | PageBits.WriteThrough
                | PageBits.Global | PageBits.NoExecute;
            s_nextDevice += FrameTable.FrameSizeBytes;
        }

        return (byte*)(address + (physical - first));
    }

    private static void MapDirect(ulong memoryEnd)
    {
        ulong end = (memoryEnd + LargePageBytes - 1) & ~(LargePageBytes - 1);
        for (ulong physical = 0; physical < end; physical += LargePageBytes)
        {
            *Entry(DirectMap.Base + physical, 1, early: true) = physical | PageBits.Present | PageBits.Writable
                | PageBits.Large | PageBits.Global | PageBits.NoExecute;
        }
    }

    private static void MapImage(ulong start, ulong end, ulong bits)
    {
        for (ulong address = start; address < end; address += FrameTable.FrameSizeBytes)
        {
            *Entry(address, 0, early: true) = Image.Physical(address) | PageBits.Present | PageBits.Global | bits;
        }
    }

    /// <summary>The entry for an address at a level (0: 4 KiB pages, 1: 2 MiB pages), making the tables above
    /// it.</summary>
    private static ulong* Entry(ulong address, int level, bool early)
    {
        ulong* table = DirectMap.Pointer<ulong>(s_root);
        for (int current = PageTable.TopLevel; current > level; current--)
        {
            ulong* entry = table + PageTable.Index(address, current);
            if ((*entry & PageBits.Present) == 0)
            {
                ulong next;
                if (early)
                {
                    next = EarlyMemory.TakeFrame();
                }
                else if (!PageTable.TryAllocateTable(out next))
                {
                    return null;
                }

                *entry = next | PageBits.Present | PageBits.Writable;
            }

            table = DirectMap.Pointer<ulong>(*entry & PageBits.AddressMask);
        }

        return table + PageTable.Index(address, level);
    }
}
