namespace Cashew.Tool.Firecracker;

using System.Collections.Generic;
using System.Linq;

/// <summary>The memory of a machine at the moment in which Firecracker enters the kernel.</summary>
/// <source>
/// Firecracker's src/vmm/src/arch/x86_64 (layout, gdt, regs, mptable) as facts; Xen's hvm/start_info.h; the
/// Linux/x86 boot protocol, "zero page".
/// </source>
internal static class BootState
{
    private const ulong GdtAddress = 0x500;
    private const ulong IdtAddress = 0x520;
    private const ulong StartInfoAddress = 0x6000;
    private const ulong ModuleListAddress = 0x6040;
    private const ulong MemoryMapAddress = 0x7000;
    private const ulong ZeroPageAddress = 0x7000;
    private const ulong CommandLineAddress = 0x2_0000;
    private const ulong SystemStart = 0x9_FC00;
    private const ulong SystemEnd = 0xE_0000;
    private const ulong HighStart = 0x10_0000;
    private const ulong ConfigurationSpaceBytes = 0x1000_0000;
    private const uint Usable = 1;
    private const uint Reserved = 2;

    internal static GuestMemory Make(FirecrackerMachine machine)
    {
        GuestMemory memory = new();
        byte[] processors = MultiprocessorTable.Make(SystemStart, machine.Cpus);
        memory.Put(SystemStart, processors);
        if (machine.HasAcpi)
        {
            AcpiTables.Put(memory, machine, SystemStart + (ulong)processors.Length);
            memory.Put(DifferentiatedTable.GenerationIdAddress, GenerationId());
            memory.Put(DifferentiatedTable.ClockPageAddress, ClockPage());
        }

        memory.Put(CommandLineAddress, new ByteBuilder().Text(machine.CommandLine).Byte(0).ToArray());
        memory.Put(GdtAddress, SegmentDescriptors(machine.Protocol));
        memory.Put(IdtAddress, new byte[8]);
        if (machine.Protocol == BootProtocol.Pvh)
            PutStartInfo(memory, machine);
        else
            PutZeroPage(memory, machine);
        return memory;
    }

    /// <summary>What the kernel may use of the memory.</summary>
    internal static ulong UsableBytes(FirecrackerMachine machine) => MemoryMap(machine)
        .Where(range => range.Type == Usable)
        .Aggregate(0UL, (sum, range) => sum + (range.End - range.Start));

    /// <summary>Null, code, data, and a TSS that is already in use.</summary>
    private static byte[] SegmentDescriptors(BootProtocol protocol) => protocol == BootProtocol.Pvh
        ? Qwords(0, 0x00CF_9B00_0000_FFFF, 0x00CF_9300_0000_FFFF, 0x0000_8B00_0000_0067)
        : Qwords(0, 0x00AF_9B00_0000_FFFF, 0x00CF_9300_0000_FFFF, 0x008F_8B00_0000_FFFF);

    // Which bytes does not matter, only that there are 16.
    private static byte[] GenerationId() => Enumerable.Range(1, 16).Select(value => (byte)value).ToArray();

    /// <summary>VMClock with nothing to say of the time: it only counts restorations.</summary>
    private static byte[] ClockPage()
    {
        const uint Magic = 0x4B4C_4356; // "VCLK"
        const uint CountsRestores = 1 << 8 | 1 << 9;
        return new ByteBuilder()
            .Dword(Magic).Dword((uint)DifferentiatedTable.ClockPageBytes).Word(1).Byte(0xFF).Byte(0)
            .Dword(0).Qword(0).Qword(CountsRestores).Zeros(72).ToArray();
    }

    /// <summary>Neither sorted nor whole: what holds the ACPI root pointer is not mentioned.</summary>
    private static List<(ulong Start, ulong End, uint Type)> MemoryMap(FirecrackerMachine machine)
    {
        List<(ulong Start, ulong End, uint Type)> map = [(0, SystemStart, Usable)];
        if (machine.HasAcpi)
        {
            map.Add((SystemStart, SystemEnd, Reserved));
            ulong configuration = AcpiTables.ConfigurationSpace;
            map.Add((configuration, configuration + ConfigurationSpaceBytes, Reserved));
        }

        foreach ((ulong start, ulong end) in machine.Memory)
            map.Add((ulong.Max(start, HighStart), end, Usable));
        return map;
    }

    private static void PutStartInfo(GuestMemory memory, FirecrackerMachine machine)
    {
        const uint Magic = 0x336E_C578;
        bool hasModule = machine.InitramfsBytes != 0;
        List<(ulong Start, ulong End, uint Type)> map = MemoryMap(machine);
        memory.Put(StartInfoAddress, new ByteBuilder()
            .Dword(Magic).Dword(1).Dword(0).Dword(hasModule ? 1u : 0)
            .Qword(hasModule ? ModuleListAddress : 0).Qword(CommandLineAddress)
            .Qword(0) // the ACPI root pointer: it has to be searched for
            .Qword(MemoryMapAddress).Dword((uint)map.Count).Dword(0).ToArray());
        if (hasModule)
            memory.Put(ModuleListAddress, Qwords(machine.InitramfsAddress, machine.InitramfsBytes, 0, 0));

        ByteBuilder entries = new();
        foreach ((ulong start, ulong end, uint type) in map)
            entries.Qword(start).Qword(end - start).Dword(type).Dword(0);
        memory.Put(MemoryMapAddress, entries.ToArray());
    }

    private static void PutZeroPage(GuestMemory memory, FirecrackerMachine machine)
    {
        const int PageBytes = 4096;
        const uint HeaderMagic = 0x5372_6448; // "HdrS"
        List<(ulong Start, ulong End, uint Type)> map = MemoryMap(machine);
        bool hasModule = machine.InitramfsBytes != 0;
        ByteBuilder page = new ByteBuilder()
            .ZerosTo(0x070).Qword(machine.HasAcpi ? AcpiTables.RootPointerAddress : 0)
            .ZerosTo(0x1E8).Byte(map.Count)
            .ZerosTo(0x1FE).Word(0xAA55)
            .ZerosTo(0x202).Dword(HeaderMagic)
            .ZerosTo(0x210).Byte(0xFF) // a loader that has no number
            .ZerosTo(0x218).Dword(hasModule ? (uint)machine.InitramfsAddress : 0)
            .Dword((uint)machine.InitramfsBytes)
            .ZerosTo(0x228).Dword((uint)CommandLineAddress)
            .ZerosTo(0x230).Dword(0x100_0000)
            .ZerosTo(0x238).Dword((uint)machine.CommandLine.Length + 1)
            .ZerosTo(0x2D0);
        foreach ((ulong start, ulong end, uint type) in map)
            page.Qword(start).Qword(end - start).Dword(type);
        memory.Put(ZeroPageAddress, page.ZerosTo(PageBytes).ToArray());
        PutPageTables(memory);
    }

    /// <summary>The first GiB at its own address, in pages of 2 MiB; nothing else.</summary>
    private static void PutPageTables(GuestMemory memory)
    {
        const ulong Root = 0x9000;
        const ulong Middle = 0xA000;
        const ulong Leaves = 0xB000;
        const ulong PresentWritable = 0x3;
        const ulong Large = 0x80;
        const int LargePageShift = 21;
        const int EntryCount = 512;
        memory.Put(Root, Qwords(Middle | PresentWritable));
        memory.Put(Middle, Qwords(Leaves | PresentWritable));
        memory.Put(Leaves, Qwords(Enumerable.Range(0, EntryCount)
            .Select(page => ((ulong)page << LargePageShift) | Large | PresentWritable).ToArray()));
    }

    private static byte[] Qwords(params ulong[] values)
    {
        ByteBuilder bytes = new();
        foreach (ulong value in values)
            bytes.Qword(value);
        return bytes.ToArray();
    }
}
