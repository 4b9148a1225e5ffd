using System;
using System.Runtime.InteropServices;

namespace Cashew.Machine;

/// <summary>
/// What ACPI says about interrupt controllers and power. A machine without ACPI (microvm with acpi=off) has the
/// controllers at the PC's usual addresses.
/// </summary>
/// <source>ACPI 6.5: 5.2.5 (RSDP), 5.2.7 (RSDT), 5.2.8 (XSDT), 5.2.9 (FADT), 5.2.12 (MADT).</source>
internal static unsafe class Firmware
{
    private const ulong DefaultIoApic = 0xFEC0_0000;
    private const int IsaLines = 16;
    private const uint MadtSignature = 0x4349_5041; // "APIC"
    private const uint FadtSignature = 0x5043_4146; // "FACP"
    private const int HeaderBytes = 36;

    // Bounds what a table may claim.
    private const uint MaximumTableBytes = 1 << 20;

    private static readonly IrqOverride[] s_isaRoutes = new IrqOverride[IsaLines];

    internal static PowerRegisters PowerRegisters { get; private set; }

    internal static IrqOverride IsaRoute(int line) => s_isaRoutes[line];

    internal static void Discover()
    {
        for (int line = 0; line < IsaLines; line++)
        {
            s_isaRoutes[line] = new IrqOverride(line, IrqTrigger.EdgeHigh);
        }

        bool hasController = TryFindRoot(out ulong table, out bool isWide) && ReadRoot(table, isWide);
        if (!hasController)
        {
            IoApic.Add(DefaultIoApic, 0);
        }
    }

    /// <summary>Returns whether a MADT named an I/O APIC.</summary>
    private static bool ReadRoot(ulong address, bool isWide)
    {
        ReadOnlySpan<byte> root = Table(address);
        bool hasController = false;
        int entryBytes = isWide ? sizeof(ulong) : sizeof(uint);
        for (int offset = HeaderBytes; offset + entryBytes <= root.Length; offset += entryBytes)
        {
            ulong entry = isWide
                ? MemoryMarshal.Read<ulong>(root[offset..])
                : MemoryMarshal.Read<uint>(root[offset..]);
            ReadOnlySpan<byte> table = Table(entry);
            if (table.Length < HeaderBytes)
            {
                continue;
            }

            switch (MemoryMarshal.Read<uint>(table))
            {
                case MadtSignature:
                    hasController |= ReadMadt(table);
                    break;
                case FadtSignature:
                    PowerRegisters = PowerRegisters.FromFadt(table);
                    break;
            }
        }

        return hasController;
    }

    private static bool ReadMadt(ReadOnlySpan<byte> madt)
    {
        const int FirstEntry = 44;
        const byte IoApicType = 1;
        const byte OverrideType = 2;
        bool hasController = false;
        for (int offset = FirstEntry; offset + 2 <= madt.Length;)
        {
            int length = madt[offset + 1];
            if (length < 2 || offset + length > madt.Length)
            {
                break;
            }

            ReadOnlySpan<byte> entry = madt.Slice(offset, length);
            if (entry[0] == IoApicType && length >= 12)
            {
                IoApic.Add(MemoryMarshal.Read<uint>(entry[4..]), (int)MemoryMarshal.Read<uint>(entry[8..]));
                hasController = true;
            }
            else if (entry[0] == OverrideType && length >= 10 && entry[3] < IsaLines)
            {
                ushort flags = MemoryMarshal.Read<ushort>(entry[8..]);
                s_isaRoutes[entry[3]] = new IrqOverride((int)MemoryMarshal.Read<uint>(entry[4..]), Trigger(flags));
            }

            offset += length;
        }

        return hasController;
    }

    // MPS INTI flags: polarity in bits 0-1 (3: low), trigger in bits 2-3 (3: level); zero means the bus's usual.
    private static IrqTrigger Trigger(ushort flags) => (flags & 0xC) == 0xC
        ? (flags & 3) == 3 ? IrqTrigger.LevelLow : IrqTrigger.LevelHigh
        : IrqTrigger.EdgeHigh;

    private static bool TryFindRoot(out ulong table, out bool isWide)
    {
        const ulong SearchStart = 0xE_0000;
        const ulong SearchEnd = 0x10_0000;
        const int Step = 16;
        if (BootInfo.RsdpAddress != 0)
        {
            return TryReadRsdp(BootInfo.RsdpAddress, out table, out isWide);
        }

        for (ulong address = SearchStart; address < SearchEnd; address += Step)
        {
            if (TryReadRsdp(address, out table, out isWide))
            {
                return true;
            }
        }

        table = 0;
        isWide = false;
        return false;
    }

    private static bool TryReadRsdp(ulong address, out ulong table, out bool isWide)
    {
        const ulong Signature = 0x2052_5450_2044_5352; // "RSD PTR "
        const int FirstPartBytes = 20;
        table = 0;
        isWide = false;
        byte* rsdp = DirectMap.Pointer<byte>(address);
        if (!PhysicalMemory.IsMapped(address, 36) || *(ulong*)rsdp != Signature || !IsSumZero(rsdp, FirstPartBytes))
        {
            return false;
        }

        byte revision = rsdp[15];
        isWide = revision >= 2 && *(ulong*)(rsdp + 24) != 0;
        table = isWide ? *(ulong*)(rsdp + 24) : *(uint*)(rsdp + 16);
        return true;
    }

    /// <summary>A table with a plausible length and a right checksum; empty otherwise.</summary>
    private static ReadOnlySpan<byte> Table(ulong address)
    {
        byte* table = PhysicalMemory.IsMapped(address, HeaderBytes) ? DirectMap.Pointer<byte>(address) : null;
        if (table == null)
        {
            return default;
        }

        uint length = *(uint*)(table + 4);
        if (length < HeaderBytes || length > MaximumTableBytes || !PhysicalMemory.IsMapped(address, length)
            || !IsSumZero(table, (int)length))
        {
            return default;
        }

        return new ReadOnlySpan<byte>(table, (int)length);
    }

    private static bool IsSumZero(byte* bytes, int count)
    {
        byte sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += bytes[i];
        }

        return sum == 0;
    }
}
