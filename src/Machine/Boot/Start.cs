using System.Diagnostics;
using System.Runtime;
using Cashew.Runtime;

namespace Cashew.Machine;

/// <summary>First C# after Entry.S: brings up processor, memory and runtime in that order, then calls the
/// kernel.</summary>
internal static unsafe class Start
{
    [RuntimeExport("cashew_start")]
    internal static void Run(BootProtocol protocol, ulong infoAddress)
    {
        // Up to Startup.Run nothing may allocate or touch a static that holds a reference.
        ProcessorSetup.InitializeBootProcessor();
        CpuFeatures.Detect();
        if (!CpuFeatures.IsBaselineMet())
        {
            Panic.Stop("this processor is too old: x86-64-v2 (SSE4.2, POPCNT) is needed");
        }

        if (!BootLoader.TryRead(protocol, infoAddress))
        {
            Panic.Stop("the boot loader left no memory map that this kernel understands");
        }

        ProcessorSetup.PatchOutSmap();
        MemorySetup.Run(CpuFeatures.HasNoExecute);
        ProcessorSetup.EnableFeatures();
        InstallHooks();
        Startup.Run();

        BootInfo.PublishInitramfs();
        ReportEntry(protocol);
        LegacyPic.Disable();
        Firmware.Discover();
        if (!LocalApic.TryInitialize() || !Clock.TryInitialize())
        {
            Panic.Stop("no usable interrupt controller or clock");
        }

        LocalTimer.Initialize();
        Entropy.Initialize();
        KernelMain();
        Panic.Stop("the kernel's main routine returned");
    }

    private static void ReportEntry(BootProtocol protocol)
    {
        string way = protocol == BootProtocol.Pvh ? "PVH" : "the Linux 64-bit protocol";
        long memoryKiB = BootInfo.MemoryBytes >> 10;
        ulong initramfsBytes = BootInfo.Storage.InitramfsLength;
        Log.Info($"boot: entered by {way}, {memoryKiB} KiB of memory, initramfs {initramfsBytes} bytes");
    }

    private static void InstallHooks()
    {
        RuntimeHooks.AllocateFrames = &AllocateHeapFrames;
        RuntimeHooks.FreeFrames = &FreeHeapFrames;
        RuntimeHooks.FreeFrameCount = &FreeFrameCount;
        RuntimeHooks.PhysicalLimit = (ulong)FrameTable.Count << FrameTable.FrameShift;
        RuntimeHooks.Fatal = &Fatal;
        RuntimeHooks.CurrentProcessor = &CurrentProcessor;
        RuntimeHooks.ReadClock = &ReadClock;
        RuntimeHooks.ForEachStack = &ForEachStack;
        RuntimeHooks.BeginStacks = &StackWalk.Begin;
        RuntimeHooks.ShowNextStack = &StackWalk.ShowNext;
        RuntimeHooks.HasShownAllStacks = &StackWalk.HasShownAll;
        RuntimeHooks.ShowRunningStacks = &ShowRunningStacks;
        RuntimeHooks.EndStacks = &StackWalk.End;
        RuntimeHooks.CollectionWanted = &CollectionWanted;
        SetAllocationCheck();
    }

    private static nint AllocateHeapFrames(int order)
    {
        uint frame = FrameAllocator.Allocate(order, FrameKind.Heap);
        return frame == 0 ? 0 : (nint)(DirectMap.Base + ((ulong)frame << FrameTable.FrameShift));
    }

    private static void FreeHeapFrames(nint address, int order) =>
        FrameAllocator.Free((uint)(DirectMap.Physical((void*)address) >> FrameTable.FrameShift), order);

    private static long FreeFrameCount() => FrameAllocator.FreeCount;

    private static int CurrentProcessor() => CpuBlock.Current->Id;

    private static long ReadClock() => Clock.Monotonic.Value;

    private static void CollectionWanted() => Cpu.RequestAttention();

    [Conditional("DEBUG")]
    private static void SetAllocationCheck() => RuntimeHooks.CheckAllocation = &CheckAllocation;

    private static void CheckAllocation()
    {
        if (Cpu.IsInInterrupt || LockOrder.IsAnyHeld)
        {
            Panic.Stop("an object was allocated in an interrupt or under a spin lock");
        }
    }

    private static void ForEachStack(delegate*<nint, nint, void> visit)
    {
        ShowRunningStacks(visit);
        StackWalk.ForEachOther(visit);
    }

    private static void ShowRunningStacks(delegate*<nint, nint, void> visit)
    {
        // Until the boot code is made a thread, no context describes its stack.
        ulong top = CpuBlock.Current->StackTop;
        visit((nint)Instructions.FramePointer(), (nint)(top == 0 ? Image.Table->BootStackTop : top));
    }

    private static void Fatal(string message) => Panic.Stop(message);

    /// <summary>Kernel's entry: the room above is not known here.</summary>
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_kernel_main")]
    private static extern void KernelMain();
}
