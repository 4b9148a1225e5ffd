using System.Runtime.InteropServices;

namespace Cashew.Machine;

/// <summary>A processor's descriptor table, with the selectors that Linux programs see.</summary>
/// <source>Intel SDM volume 3, 3.4.5 and 8.2.3; selectors as in Layout.h.</source>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SegmentTables
{
    internal const ushort KernelCode = 0x10;
    internal const ushort KernelData = 0x18;
    internal const ushort UserCode32 = 0x23;
    internal const ushort UserData = 0x2B;
    internal const ushort UserCode = 0x33;
    internal const ushort TssSelector = 0x40;

    /// <summary>PROCESSOR_SELECTOR in src/Vdso/Layout.h: a segment of which nothing counts but its
    /// limit.</summary>
    internal const ushort ProcessorNumber = 0x7B;

    private const int TssIndex = TssSelector / 8;
    private const int ProcessorNumberIndex = ProcessorNumber / 8;
    private const int EntryCount = ProcessorNumberIndex + 1;

    private fixed ulong _entries[EntryCount];

    /// <summary>Fills the table and loads it, the task register and GS of this processor.</summary>
    internal static void Load(SegmentTables* tables, CpuBlock* cpu)
    {
        const uint MsrGsBase = 0xC000_0101;
        const uint MsrKernelGsBase = 0xC000_0102;
        ulong* entries = tables->_entries;
        entries[1] = 0x00CF_9B00_0000_FFFF; // 32-bit kernel code
        entries[2] = 0x00AF_9B00_0000_FFFF; // kernel code
        entries[3] = 0x00CF_9300_0000_FFFF; // kernel data
        entries[4] = 0x00CF_FB00_0000_FFFF; // 32-bit user code
        entries[5] = 0x00CF_F300_0000_FFFF; // user data
        entries[6] = 0x00AF_FB00_0000_FFFF; // user code

        ulong tss = (ulong)cpu->Tss;
        cpu->Tss->IoMapBase = (ushort)sizeof(TaskStateSegment); // beyond the limit: no port is open to user mode
        const ulong AvailableTss = 0x0000_8900_0000_0000;
        entries[TssIndex] = (uint)(sizeof(TaskStateSegment) - 1) | AvailableTss
            | ((tss & 0xFF_FFFF) << 16) | ((tss & 0xFF00_0000) << 32);
        entries[TssIndex + 1] = tss >> 32;

        // Programs read its limit with LSL: the number of the processor; its node would stand above, from bit
        // 12.
        const ulong ReadableByAll = 0x0040_F100_0000_0000;
        entries[ProcessorNumberIndex] = ReadableByAll | (uint)cpu->Id;

        TableDescriptor descriptor = new((ushort)(EntryCount * sizeof(ulong) - 1), (ulong)entries);
        Instructions.LoadGdt(&descriptor, TssSelector);
        Instructions.WriteMsr(MsrGsBase, (ulong)cpu);
        Instructions.WriteMsr(MsrKernelGsBase, 0);
    }
}
