using System;

namespace Cashew.Machine;

/// <summary>
/// Reads what the two boot protocols left in memory into <see cref="BootInfo"/>. Runs on the boot page
/// tables, before any allocation; everything is copied, because the originals lie in memory that is about to
/// be reused.
/// </summary>
/// <source>
/// Xen's public/arch-x86/hvm/start_info.h; the Linux/x86 boot protocol, "zero page"; Firecracker leaves
/// rsdp_paddr zero.
/// </source>
internal static unsafe class BootLoader
{
    private const uint PvhMagic = 0x336EC578;
    private const uint UsableType = 1;

    internal static bool TryRead(BootProtocol protocol, ulong infoAddress)
    {
        byte* info = (byte*)(DirectMap.Base + infoAddress);
        return protocol == BootProtocol.Pvh ? TryReadPvh(info) : TryReadLinux(info);
    }

    private static bool TryReadPvh(byte* info)
    {
        if (*(uint*)info != PvhMagic)
        {
            return false;
        }

        uint version = *(uint*)(info + 4);
        uint moduleCount = *(uint*)(info + 12);
        if (moduleCount > 0)
        {
            ulong* module = (ulong*)(DirectMap.Base + *(ulong*)(info + 16));
            BootInfo.Storage.InitramfsStart = module[0];
            BootInfo.Storage.InitramfsLength = module[1];
        }

        CopyCommandLine(*(ulong*)(info + 24), BootInfo.MaximumCommandLineBytes);
        BootInfo.Storage.RsdpAddress = *(ulong*)(info + 32);
        if (version < 1)
        {
            return false; // no memory map, and nothing else to learn it from
        }

        byte* entry = (byte*)(DirectMap.Base + *(ulong*)(info + 40));
        uint count = *(uint*)(info + 48);
        const int EntrySizeBytes = 24;
        for (uint i = 0; i < count; i++, entry += EntrySizeBytes)
        {
            AddRange(*(ulong*)entry, *(ulong*)(entry + 8), *(uint*)(entry + 16));
        }

        return true;
    }

    private static bool TryReadLinux(byte* zeroPage)
    {
        const uint HeaderMagic = 0x53726448; // "HdrS"
        if (*(uint*)(zeroPage + 0x202) != HeaderMagic)
        {
            return false;
        }

        BootInfo.Storage.RsdpAddress = *(ulong*)(zeroPage + 0x070);
        BootInfo.Storage.InitramfsStart = *(uint*)(zeroPage + 0x218) | ((ulong)*(uint*)(zeroPage + 0x0C0) << 32);
        BootInfo.Storage.InitramfsLength = *(uint*)(zeroPage + 0x21C) | ((ulong)*(uint*)(zeroPage + 0x0C4) << 32);
        ulong commandLine = *(uint*)(zeroPage + 0x228) | ((ulong)*(uint*)(zeroPage + 0x0C8) << 32);
        CopyCommandLine(commandLine, BootInfo.MaximumCommandLineBytes);

        byte* entry = zeroPage + 0x2D0;
        int count = zeroPage[0x1E8];
        const int EntrySizeBytes = 20;
        for (int i = 0; i < count; i++, entry += EntrySizeBytes)
        {
            AddRange(*(ulong*)entry, *(ulong*)(entry + 8), *(uint*)(entry + 16));
        }

        return true;
    }

    private static void AddRange(ulong start, ulong length, uint type)
    {
        // qboot ends its list with an empty entry; an unknown type is memory that is not ours.
        if (length == 0 || BootInfo.Storage.RangeCount == BootInfo.MaximumRanges || start + length < start)
        {
            return;
        }

        int index = BootInfo.Storage.RangeCount++;
        BootInfo.Storage.Starts[index] = start;
        BootInfo.Storage.Ends[index] = start + length;
        BootInfo.Storage.Usable[index] = type == UsableType;
    }

    private static void CopyCommandLine(ulong address, int maximumBytes)
    {
        if (address == 0)
        {
            return;
        }

        byte* text = (byte*)(DirectMap.Base + address);
        int length = 0;
        while (length < maximumBytes && text[length] != 0)
        {
            BootInfo.Storage.CommandLine[length] = text[length];
            length++;
        }

        BootInfo.Storage.CommandLineLength = length;
        BootInfo.Storage.IsCommandLineTruncated = length == maximumBytes;
    }
}
