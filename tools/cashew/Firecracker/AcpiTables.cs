namespace Cashew.Tool.Firecracker;

using System;

/// <summary>Firecracker's ACPI tables, back to back without alignment, and the pointer to them.</summary>
/// <source>ACPI 6.5, chapter 5; Firecracker 1.12 to 1.17.</source>
internal static class AcpiTables
{
    internal const ulong RootPointerAddress = 0xE_0000;
    internal const ulong ConfigurationSpace = 0xEEC0_0000;

    private const string Vendor = "FIRECK";
    private const uint LocalApic = 0xFEE0_0000;
    private const uint IoApic = 0xFEC0_0000;

    internal static void Put(GuestMemory memory, FirecrackerMachine machine, ulong address)
    {
        byte[] devices = DifferentiatedTable.Make(machine.Devices);
        ulong differentiated = PutNext(Table("DSDT", 2, "FCVMDSDT", devices));
        ulong fixed_ = PutNext(Table("FACP", 6, "FCVMFADT", FixedTable(differentiated)));
        ulong interrupts = PutNext(Table("APIC", 6, "FCVMMADT", InterruptTable(machine.Cpus)));
        ulong configuration = PutNext(Table("MCFG", 1, "FCMVMCFG", ConfigurationTable()));
        byte[] pointers = new ByteBuilder().Qword(fixed_).Qword(interrupts).Qword(configuration).ToArray();
        ulong root = PutNext(Table("XSDT", 1, "FCMVXSDT", pointers));
        memory.Put(RootPointerAddress, RootPointer(root));

        ulong PutNext(byte[] table)
        {
            ulong at = address;
            memory.Put(at, table);
            address += (ulong)table.Length;
            return at;
        }
    }

    private static byte[] Table(string signature, int revision, string name, byte[] content)
    {
        const int HeaderBytes = 36;
        const int SumOffset = 9;
        return new ByteBuilder()
            .Text(signature).Dword((uint)(HeaderBytes + content.Length)).Byte(revision).Byte(0)
            .Text(Vendor).Text(name).Dword(0).Text("FCAT").Dword(0x2024_0119)
            .Append(content)
            .ToArraySumZero(SumOffset);
    }

    /// <summary>The FADT. Nothing in it turns the machine off or resets it.</summary>
    private static byte[] FixedTable(ulong differentiated)
    {
        const int HeaderBytes = 36;
        const int NoVga = 1 << 2;
        const uint NoButtons = 1 << 4 | 1 << 5;
        const uint HardwareReduced = 1 << 20;
        return new ByteBuilder()
            .ZerosTo(109 - HeaderBytes).Word(NoVga)
            .ZerosTo(112 - HeaderBytes).Dword(HardwareReduced | NoButtons)
            .ZerosTo(131 - HeaderBytes).Byte(5) // minor version
            .ZerosTo(140 - HeaderBytes).Qword(differentiated)
            .ZerosTo(268 - HeaderBytes).Text("FIRECKVM").ToArray();
    }

    /// <summary>The MADT: the I/O APIC first, then the processors.</summary>
    private static byte[] InterruptTable(int cpus)
    {
        ByteBuilder table = new ByteBuilder().Dword(LocalApic).Dword(0);
        table.Byte(1).Byte(12).Byte(0).Byte(0).Dword(IoApic).Dword(0);
        for (int cpu = 0; cpu < cpus; cpu++)
            table.Byte(0).Byte(8).Byte(cpu).Byte(cpu).Dword(1);
        return table.ToArray();
    }

    private static byte[] ConfigurationTable() =>
        new ByteBuilder().Qword(0).Qword(ConfigurationSpace).Word(0).Byte(0).Byte(0).Dword(0).ToArray();

    private static byte[] RootPointer(ulong root)
    {
        const int FirstPartBytes = 20;
        const int Bytes = 36;
        byte[] pointer = new ByteBuilder()
            .Text("RSD PTR ").Byte(0).Text(Vendor).Byte(2).Dword(0).Dword(Bytes).Qword(root).Dword(0)
            .ToArray();
        ByteBuilder.SetSum(pointer.AsSpan(0, FirstPartBytes), 8);
        ByteBuilder.SetSum(pointer, 32);
        return pointer;
    }
}
