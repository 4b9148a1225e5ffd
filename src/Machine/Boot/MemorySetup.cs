namespace Cashew.Machine;

/// <summary>From the loader's memory map to a running frame allocator.</summary>
internal static unsafe class MemorySetup
{
    private const ulong FirstMegabyte = 1UL << 20;

    // What the kernel's own heap, a shell and the programs of a small pipeline were seen to need, and as much
    // again.
    private const long LeastFreeKiB = 4096;

    internal static void Run(bool hasNoExecute)
    {
        ulong memoryEnd = HighestUsable();
        if (memoryEnd == 0)
        {
            Panic.Stop("the boot loader reported no memory");
        }

        CheckInitramfs();
        ulong start = Align(Image.Physical(Image.Table->End));
        EarlyMemory.Initialize(start, EndOfFreeRun(start));
        ulong table = EarlyMemory.Take(FrameTable.SizeBytes(memoryEnd), clear: false);
        KernelMap.Initialize(memoryEnd, hasNoExecute);
        FrameTable.Initialize(table, memoryEnd);
        // From here on nothing is taken early: what lies above Next is free.
        for (int i = 0; i < BootInfo.RangeCount; i++)
        {
            MemoryRange range = BootInfo.Range(i);
            if (range.IsUsable)
            {
                AddWithoutReserved(range.Start, range.End);
            }
        }

        KeepInitramfs();
        RequireEnough();
        ZeroFrame.Initialize();
    }

    /// <summary>A loader that puts things where the machine's memory ends does not look what is
    /// there.</summary>
    private static void CheckInitramfs()
    {
        ulong start = BootInfo.Storage.InitramfsStart;
        ulong end = start + BootInfo.Storage.InitramfsLength;
        if (start < end && start < Image.Physical(Image.Table->End) && end > Image.Physical(Image.Table->Start))
        {
            Panic.Stop("too little memory: the boot loader put the initramfs over the kernel");
        }
    }

    // Better now than at any odd moment later.
    private static void RequireEnough()
    {
        long freeKiB = FrameAllocator.FreeCount * (FrameTable.FrameSizeBytes >> 10);
        if (freeKiB >= LeastFreeKiB) return;

        Panic.Stop($"too little memory: {freeKiB} KiB are left beside the kernel and its initramfs, {LeastFreeKiB} are needed");
    }

    private static ulong HighestUsable()
    {
        ulong highest = 0;
        for (int i = 0; i < BootInfo.RangeCount; i++)
        {
            MemoryRange range = BootInfo.Range(i);
            if (range.IsUsable && range.End > highest)
            {
                highest = range.End;
            }
        }

        return highest & ~(ulong)(FrameTable.FrameSizeBytes - 1);
    }

    /// <summary>Free memory that follows the image: to the end of its RAM range or to the
    /// initramfs.</summary>
    private static ulong EndOfFreeRun(ulong start)
    {
        ulong end = 0;
        for (int i = 0; i < BootInfo.RangeCount; i++)
        {
            MemoryRange range = BootInfo.Range(i);
            if (range.IsUsable && range.Start <= start && range.End > start)
            {
                end = range.End;
            }
        }

        ulong module = BootInfo.Storage.InitramfsStart;
        if (BootInfo.Storage.InitramfsLength != 0 && module >= start && module < end)
        {
            end = module & ~(ulong)(FrameTable.FrameSizeBytes - 1);
        }

        return end < DirectMap.BootLimit ? end : DirectMap.BootLimit;
    }

    /// <summary>
    /// Adds a RAM range except the first megabyte (firmware, and the start-up code of other processors), the
    /// kernel with what was taken early, and the initramfs, wherever the loader put it.
    /// </summary>
    private static void AddWithoutReserved(ulong start, ulong end)
    {
        ulong moduleStart = BootInfo.Storage.InitramfsStart;
        ulong moduleEnd = moduleStart + BootInfo.Storage.InitramfsLength;
        AddOutside(start, end, 0, FirstMegabyte, 0);

        void AddOutside(ulong from, ulong to, ulong holeStart, ulong holeEnd, int hole)
        {
            if (from >= to)
            {
                return;
            }

            if (hole == 3)
            {
                Add(from, to);
                return;
            }

            (ulong nextStart, ulong nextEnd) = hole == 0
                ? (Image.Physical(Image.Table->Start), EarlyMemory.Next)
                : (moduleStart, moduleEnd);
            AddOutside(from, to < holeStart ? to : holeStart, nextStart, nextEnd, hole + 1);
            AddOutside(from > holeEnd ? from : holeEnd, to, nextStart, nextEnd, hole + 1);
        }
    }

    private static void Add(ulong start, ulong end)
    {
        uint first = (uint)(Align(start) >> FrameTable.FrameShift);
        uint last = (uint)(end >> FrameTable.FrameShift);
        if (first < last)
        {
            FrameAllocator.AddRange(first, last);
        }
    }

    /// <summary>The frames of the initramfs are data with a reference of the module's own: files may map
    /// them.</summary>
    private static void KeepInitramfs()
    {
        ulong end = BootInfo.Storage.InitramfsStart + BootInfo.Storage.InitramfsLength;
        for (ulong page = BootInfo.Storage.InitramfsStart & ~(ulong)(FrameTable.FrameSizeBytes - 1);
            page < end;
            page += FrameTable.FrameSizeBytes)
        {
            FrameInfo* info = FrameTable.Info((uint)(page >> FrameTable.FrameShift));
            info->Kind = FrameKind.Data;
            info->ReferenceCount = 1;
        }
    }

    /// <summary>Gives frames of the initramfs to the allocator, but those below the first megabyte, which it
    /// never has.</summary>
    internal static void ReleaseModule(uint first, uint end)
    {
        const uint FirstAllowed = (uint)(FirstMegabyte >> FrameTable.FrameShift);
        if (first < FirstAllowed)
        {
            first = FirstAllowed;
        }

        if (first >= end)
        {
            return;
        }

        FrameAllocator.NoteAdded(end - first);
        for (uint frame = first; frame < end; frame++)
        {
            new Frame(frame).Release();
        }
    }

    private static ulong Align(ulong address) =>
        (address + FrameTable.FrameSizeBytes - 1) & ~(ulong)(FrameTable.FrameSizeBytes - 1);
}
