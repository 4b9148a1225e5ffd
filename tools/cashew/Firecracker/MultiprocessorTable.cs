namespace Cashew.Tool.Firecracker;

/// <summary>The table from before ACPI, which Firecracker still writes.</summary>
/// <source>MultiProcessor Specification 1.4, chapter 4. The entry count is one too high, as theirs.</source>
internal static class MultiprocessorTable
{
    private const int PointerBytes = 16;
    private const int HeaderBytes = 44;
    private const int PinCount = 24;
    private const int ApicVersion = 0x14;
    private const byte InterruptEntry = 3;
    private const byte LocalInterruptEntry = 4;
    private const byte External = 3;
    private const byte NonMaskable = 1;

    internal static byte[] Make(ulong address, int cpus)
    {
        byte[] entries = Entries(cpus);
        int count = cpus + 1 + 1 + PinCount + 2;
        byte[] table = new ByteBuilder()
            .Text("PCMP").Word(HeaderBytes + entries.Length).Byte(4).Byte(0)
            .Text("FC      ").Text("000000000000")
            .Dword(0).Word(0).Word(count + 1).Dword(0xFEE0_0000).Word(0).Byte(0).Byte(0)
            .Append(entries)
            .ToArraySumZero(7);
        byte[] pointer = new ByteBuilder()
            .Text("_MP_").Dword((uint)address + PointerBytes).Byte(1).Byte(4).Zeros(6)
            .ToArraySumZero(10);
        return [.. pointer, .. table];
    }

    private static byte[] Entries(int cpus)
    {
        const int Enabled = 1;
        const int BootProcessor = 2;
        ByteBuilder entries = new();
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            entries.Byte(0).Byte(cpu).Byte(ApicVersion).Byte(Enabled | (cpu == 0 ? BootProcessor : 0))
                .Dword(0x600).Dword(0x201).Dword(0).Dword(0);
        }

        int ioApic = cpus + 1;
        entries.Byte(1).Byte(0).Text("ISA   ");
        entries.Byte(2).Byte(ioApic).Byte(ApicVersion).Byte(Enabled).Dword(0xFEC0_0000);
        for (int line = 0; line < PinCount; line++)
            Interrupt(InterruptEntry, 0, line, ioApic, line);
        Interrupt(LocalInterruptEntry, External, 0, 0, 0);
        Interrupt(LocalInterruptEntry, NonMaskable, 0, 0xFF, 1);
        return entries.ToArray();

        void Interrupt(byte type, byte kind, int line, int apic, int pin) =>
            entries.Byte(type).Byte(kind).Word(0).Byte(0).Byte(line).Byte(apic).Byte(pin);
    }
}
