using System;
using Cashew.Runtime;

namespace Cashew.Machine;

/// <summary>Brings one processor into the state the kernel expects: segments, traps, system calls,
/// protections.</summary>
/// <source>Intel SDM volume 3, 2.5 (CR4), 5.8.8 (SYSCALL), 13.3 (XCR0).</source>
internal static unsafe class ProcessorSetup
{
    private const uint MsrStar = 0xC000_0081;
    private const uint MsrLstar = 0xC000_0082;
    private const uint MsrCstar = 0xC000_0083;
    private const uint MsrSfmask = 0xC000_0084;

    private const ulong Cr4GlobalPages = 1 << 7;
    private const ulong Cr4Umip = 1 << 11;
    private const ulong Cr4FsGsBase = 1 << 16;
    private const ulong Cr4Osxsave = 1 << 18;
    private const ulong Cr4Smep = 1 << 20;
    private const ulong Cr4Smap = 1 << 21;

    // Cleared on system-call entry: TF, IF, DF, IOPL, NT, RF, AC, ID.
    private const ulong FlagsClearedOnEntry = 0x25_7700;

    private const int NmiStack = 1;
    private const int DoubleFaultStack = 2;
    private const int MachineCheckStack = 3;
    private const int DebugStack = 4;
    private const int ExceptionStackBytes = FrameTable.FrameSizeBytes;

    private static BootProcessor s_boot;
    private static IdtStorage s_idt;

    /// <summary>The first processor, before memory is set up: its block is part of the image.</summary>
    internal static void InitializeBootProcessor()
    {
        fixed (BootProcessor* boot = &s_boot)
        {
            boot->Block.Self = &boot->Block;
            boot->Block.Heap = AllocationContext.Of(0);
            boot->Block.Tss = &boot->Tss;
            boot->Tss.InterruptStacks[NmiStack - 1] = (ulong)(boot->NmiStack + ExceptionStackBytes);
            boot->Tss.InterruptStacks[DoubleFaultStack - 1] = (ulong)(boot->DoubleFaultStack + ExceptionStackBytes);
            boot->Tss.InterruptStacks[MachineCheckStack - 1] = (ulong)(boot->MachineCheckStack + ExceptionStackBytes);
            boot->Tss.InterruptStacks[DebugStack - 1] = (ulong)(boot->DebugStack + ExceptionStackBytes);
            SegmentTables.Load(&boot->Segments, &boot->Block);
        }

        BuildIdt();
        fixed (IdtStorage* idt = &s_idt)
        {
            TableDescriptor descriptor = new(IdtStorage.Count * 16 - 1, (ulong)idt->Gates);
            Instructions.LoadIdt(&descriptor);
        }
    }

    /// <summary>Turns on what the processor has; runs once features are known.</summary>
    internal static void EnableFeatures()
    {
        ulong cr4 = Instructions.ReadCr4();
        cr4 |= CpuFeatures.HasGlobalPages ? Cr4GlobalPages : 0;
        cr4 |= CpuFeatures.HasUmip ? Cr4Umip : 0;
        cr4 |= CpuFeatures.HasFsGsBase ? Cr4FsGsBase : 0;
        cr4 |= CpuFeatures.HasXsave ? Cr4Osxsave : 0;
        cr4 |= CpuFeatures.HasSmep ? Cr4Smep : 0;
        cr4 |= CpuFeatures.HasSmap ? Cr4Smap : 0;
        Instructions.WriteCr4(cr4);
        UserFpu.Initialize();

        ulong star = ((ulong)SegmentTables.KernelCode << 32) | ((ulong)SegmentTables.UserCode32 << 48);
        Instructions.WriteMsr(MsrStar, star);
        Instructions.WriteMsr(MsrLstar, Image.Table->SystemCallEntry);
        Instructions.WriteMsr(MsrCstar, 0);
        Instructions.WriteMsr(MsrSfmask, FlagsClearedOnEntry);
    }

    /// <summary>Without SMAP its two instructions do not exist; replaces them by nops while the image is
    /// still writable.</summary>
    internal static void PatchOutSmap()
    {
        if (CpuFeatures.HasSmap)
        {
            return;
        }

        for (ulong* site = (ulong*)Image.Table->SmapSites; site < (ulong*)Image.Table->SmapSitesEnd; site++)
        {
            byte* instruction = (byte*)*site;
            instruction[0] = 0x0F; // nop dword ptr [rax]
            instruction[1] = 0x1F;
            instruction[2] = 0x00;
        }
    }

    private static void BuildIdt()
    {
        const int StubBytes = 16;
        const byte BreakpointVector = (byte)ExceptionVector.Breakpoint;
        const byte OverflowVector = (byte)ExceptionVector.Overflow;
        fixed (IdtStorage* idt = &s_idt)
        {
            for (int vector = 0; vector < IdtStorage.Count; vector++)
            {
                int stack = (ExceptionVector)vector switch
                {
                    ExceptionVector.NonMaskable => NmiStack,
                    ExceptionVector.DoubleFault => DoubleFaultStack,
                    ExceptionVector.MachineCheck => MachineCheckStack,
                    ExceptionVector.Debug => DebugStack,
                    _ => 0,
                };
                // A program may execute int3 and into; any other int is a general protection fault.
                ulong privilege = vector is BreakpointVector or OverflowVector ? 3UL : 0;
                ulong address = Image.Table->TrapStubs + (ulong)(vector * StubBytes);
                const ulong InterruptGate = 0x8E00_0000_0000;
                idt->Gates[vector * 2] = (address & 0xFFFF) | ((ulong)SegmentTables.KernelCode << 16)
                    | ((ulong)stack << 32) | InterruptGate | (privilege << 45) | ((address >> 16 & 0xFFFF) << 48);
                idt->Gates[vector * 2 + 1] = address >> 32;
            }
        }
    }

    private struct IdtStorage
    {
        internal const int Count = 256;

        internal fixed ulong Gates[Count * 2];
    }

    private struct BootProcessor
    {
        internal CpuBlock Block;
        internal TaskStateSegment Tss;
        internal SegmentTables Segments;
        internal fixed byte NmiStack[ExceptionStackBytes];
        internal fixed byte DoubleFaultStack[ExceptionStackBytes];
        internal fixed byte MachineCheckStack[ExceptionStackBytes];
        internal fixed byte DebugStack[ExceptionStackBytes];
    }
}
