using System;
using System.Runtime.InteropServices;

namespace Cashew.Machine;

/// <summary>Reads the ACPI tables. Whatever they claim is checked: they may be anything.</summary>
/// <source>ACPI 6.5: 5.2.5 (RSDP), 5.2.7 (RSDT), 5.2.8 (XSDT), 5.2.9 (FADT), 5.2.12 (MADT).</source>
internal static unsafe class Acpi
{
    private const uint MadtSignature = 0x4349_5041; // "APIC"
    private const uint FadtSignature = 0x5043_4146; // "FACP"
    private const int HeaderBytes = 36;

    // Bounds what a table may claim.
    private const uint MaximumTableBytes = 1 << 20;

    /// <summary>Returns whether a MADT named an I/O APIC.</summary>
    internal static bool TryRead(out ReadOnlySpan<byte> vendor)
    {
        vendor = default;
        return TryFindRoot(out ulong table, out bool isWide, out vendor) && ReadRoot(table, isWide);
    }

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
                    Firmware.PowerRegisters = PowerRegisters.FromFadt(table);
                    break;
            }
        }

        return hasController;
    }

    private static bool ReadMadt(ReadOnlySpan<byte> madt)
    {
        const int FirstEntry = 44;
        bool hasController = false;
        for (int offset = FirstEntry; offset + 2 <= madt.Length;)
        {
            int length = madt[offset + 1];
            if (length < 2 || offset + length > madt.Length)
            {
                break;
            }

            hasController |= ReadMadtEntry(madt.Slice(offset, length));
            offset += length;
        }

        return hasController;
    }

    /// <summary>Returns whether it is an I/O APIC.</summary>
    private static bool ReadMadtEntry(ReadOnlySpan<byte> entry)
    {
        const byte LocalApicType = 0;
        const byte IoApicType = 1;
        const byte OverrideType = 2;
        const byte LocalX2ApicType = 9;
        switch (entry[0])
        {
            case LocalApicType when entry.Length >= 8:
                CountProcessor(MemoryMarshal.Read<uint>(entry[4..]));
                return false;
            case LocalX2ApicType when entry.Length >= 16:
                CountProcessor(MemoryMarshal.Read<uint>(entry[8..]));
                return false;
            case IoApicType when entry.Length >= 12:
                int firstGsi = (int)MemoryMarshal.Read<uint>(entry[8..]);
                return IoApic.Add(MemoryMarshal.Read<uint>(entry[4..]), firstGsi) != 0;
            case OverrideType when entry.Length >= 10 && entry[3] < Firmware.IsaLineCount:
                int gsi = (int)MemoryMarshal.Read<uint>(entry[4..]);
                ushort flags = MemoryMarshal.Read<ushort>(entry[8..]);
                Firmware.SetIsaRoute(entry[3], IrqOverride.FromFlags(gsi, flags));
                return false;
            default:
                return false;
        }
    }

    private static void CountProcessor(uint flags)
    {
        const uint Enabled = 1;
        Firmware.ProcessorCount += (flags & Enabled) != 0 ? 1 : 0;
    }

    /// <summary>Where the loader says; Firecracker says nothing and expects a search.</summary>
    private static bool TryFindRoot(out ulong table, out bool isWide, out ReadOnlySpan<byte> vendor)
    {
        const ulong SearchStart = 0xE_0000;
        const ulong SearchEnd = 0x10_0000;
        const int Step = 16;
        if (TryReadRsdp(BootInfo.RsdpAddress, out table, out isWide, out vendor))
        {
            return true;
        }

        for (ulong address = SearchStart; address < SearchEnd; address += Step)
        {
            if (TryReadRsdp(address, out table, out isWide, out vendor))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryReadRsdp(
        ulong address, out ulong table, out bool isWide, out ReadOnlySpan<byte> vendor)
    {
        const ulong Signature = 0x2052_5450_2044_5352; // "RSD PTR "
        const int FirstPartBytes = 20;
        const int Bytes = 36;
        const int VendorBytes = 6;
        table = 0;
        isWide = false;
        vendor = default;
        byte* rsdp = DirectMap.Pointer<byte>(address);
        if (!PhysicalMemory.IsMapped(address, Bytes) || *(ulong*)rsdp != Signature
            || !Firmware.IsSumZero(rsdp, FirstPartBytes))
        {
            return false;
        }

        byte revision = rsdp[15];
        isWide = revision >= 2 && *(ulong*)(rsdp + 24) != 0;
        table = isWide ? *(ulong*)(rsdp + 24) : *(uint*)(rsdp + 16);
        vendor = new ReadOnlySpan<byte>(rsdp + 9, VendorBytes);
        return true;
    }

    /// <summary>A table with a plausible length and a right checksum; empty otherwise.</summary>
    private static ReadOnlySpan<byte> Table(ulong address)
    {
        if (!PhysicalMemory.IsMapped(address, HeaderBytes))
        {
            return default;
        }

        byte* table = DirectMap.Pointer<byte>(address);
        uint length = *(uint*)(table + 4);
        if (length < HeaderBytes || length > MaximumTableBytes || !PhysicalMemory.IsMapped(address, length)
            || !Firmware.IsSumZero(table, length))
        {
            return default;
        }

        return new ReadOnlySpan<byte>(table, (int)length);
    }
}
