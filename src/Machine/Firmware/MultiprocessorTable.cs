using System;
using System.Runtime.InteropServices;

namespace Cashew.Machine;

/// <summary>
/// Reads what machines had before ACPI. Entries are found by the table's length: qboot counts none of them,
/// Firecracker one too many.
/// </summary>
/// <source>Intel MultiProcessor Specification 1.4, chapter 4.</source>
internal static unsafe class MultiprocessorTable
{
    private const int HeaderBytes = 44;
    private const int ProcessorBytes = 20;
    private const int OtherEntryBytes = 8;
    private const byte ProcessorEntry = 0;
    private const byte BusEntry = 1;
    private const byte IoApicEntry = 2;
    private const byte InterruptEntry = 3;
    private const byte Enabled = 1;
    private const int NoController = -1;

    /// <summary>Returns whether it named an I/O APIC.</summary>
    internal static bool TryRead(out ReadOnlySpan<byte> vendor)
    {
        const int VendorOffset = 8;
        const int VendorBytes = 8;
        vendor = default;
        if (!TryFind(out ReadOnlySpan<byte> table))
        {
            return false;
        }

        vendor = table.Slice(VendorOffset, VendorBytes);
        return ReadEntries(table);
    }

    private static bool ReadEntries(ReadOnlySpan<byte> table)
    {
        // Inputs are numbered through, in the order of the controllers; interrupts name a controller by its
        // number.
        Span<int> firstGsis = stackalloc int[byte.MaxValue + 1];
        firstGsis.Fill(NoController);
        int nextGsi = 0;
        int isaBus = NoController;
        int length;
        Firmware.ProcessorCount = 0;
        for (int offset = HeaderBytes; offset < table.Length; offset += length)
        {
            length = table[offset] == ProcessorEntry ? ProcessorBytes : OtherEntryBytes;
            if (offset + length > table.Length)
            {
                break;
            }

            ReadOnlySpan<byte> entry = table.Slice(offset, length);
            switch (entry[0])
            {
                case ProcessorEntry:
                    Firmware.ProcessorCount += entry[3] & Enabled;
                    break;
                case BusEntry when entry.Slice(2, 3).SequenceEqual("ISA"u8):
                    isaBus = entry[1];
                    break;
                case IoApicEntry when (entry[3] & Enabled) != 0:
                    firstGsis[entry[1]] = nextGsi;
                    nextGsi += IoApic.Add(MemoryMarshal.Read<uint>(entry[4..]), nextGsi);
                    break;
                case InterruptEntry when entry[4] == isaBus && firstGsis[entry[6]] != NoController:
                    ReadInterrupt(entry, firstGsis[entry[6]]);
                    break;
            }
        }

        return nextGsi != 0;
    }

    private static void ReadInterrupt(ReadOnlySpan<byte> entry, int firstGsi)
    {
        const byte Vectored = 0; // others are the old controllers, or cannot be masked
        int line = entry[5];
        if (entry[1] == Vectored && line < Firmware.IsaLineCount)
        {
            ushort flags = MemoryMarshal.Read<ushort>(entry[2..]);
            Firmware.SetIsaRoute(line, IrqOverride.FromFlags(firstGsi + entry[7], flags));
        }
    }

    /// <summary>
    /// In the last KiB below 640 KiB, or in the firmware's ROM. The specification's third place, the extended
    /// BIOS data area, is the first of these where QEMU's firmware makes one.
    /// </summary>
    private static bool TryFind(out ReadOnlySpan<byte> table) =>
        TryFind(0x9_FC00, 0xA_0000, out table) || TryFind(0xF_0000, 0x10_0000, out table);

    private static bool TryFind(ulong start, ulong end, out ReadOnlySpan<byte> table)
    {
        const uint Signature = 0x5F50_4D5F; // "_MP_"
        const uint PointerBytes = 16;
        table = default;
        for (ulong address = start; address < end; address += PointerBytes)
        {
            byte* pointer = DirectMap.Pointer<byte>(address);
            if (PhysicalMemory.IsMapped(address, PointerBytes) && *(uint*)pointer == Signature
                && Firmware.IsSumZero(pointer, PointerBytes)
                && TryReadTable(*(uint*)(pointer + 4), out table))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryReadTable(ulong address, out ReadOnlySpan<byte> table)
    {
        const uint Signature = 0x504D_4350; // "PCMP"
        table = default;
        if (!PhysicalMemory.IsMapped(address, HeaderBytes))
        {
            return false;
        }

        byte* start = DirectMap.Pointer<byte>(address);
        ushort length = *(ushort*)(start + 4);
        if (*(uint*)start != Signature || length < HeaderBytes || !PhysicalMemory.IsMapped(address, length)
            || !Firmware.IsSumZero(start, length))
        {
            return false;
        }

        table = new ReadOnlySpan<byte>(start, length);
        return true;
    }
}
