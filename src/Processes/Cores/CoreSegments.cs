using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>Which mappings go into a core file, and how much of each.</summary>
/// <source>core(5), "Controlling which mappings are written to the core dump"; madvise(2),
/// MADV_DONTDUMP.</source>
internal static class CoreSegments
{
    /// <summary>The usual /proc/PID/coredump_filter: anonymous memory and the headers of ELF files.</summary>
    internal const uint DefaultFilter = 0x33;

    internal const uint KnownFilter = 0x1FF;

    private const uint AnonymousPrivate = 1 << 0;
    private const uint AnonymousShared = 1 << 1;
    private const uint FilePrivate = 1 << 2;
    private const uint FileShared = 1 << 3;
    private const uint ElfHeaders = 1 << 4;

    /// <summary>Bytes from its start on that are written.</summary>
    internal static ulong DumpedBytes(in VmaInfo mapping, in PageUsage usage, uint filter)
    {
        ulong all = mapping.End - mapping.Start;
        // The library is written, so that a debugger can unwind from it; its data page is nobody's.
        if (mapping.File is KernelPages pages) return pages.IsWritable ? all : 0;
        if ((mapping.Flags & VmaFlags.DontDump) != 0) return 0;
        if (mapping.IsShared)
        {
            bool isFile = mapping.File is OpenFile { Inode.LinkCount: > 0 };
            return (filter & (isFile ? FileShared : AnonymousShared)) != 0 ? all : 0;
        }

        // A file's mapping that was written to has memory of its own, too.
        if (usage.Anonymous > 0 && (filter & AnonymousPrivate) != 0) return all;
        if (mapping.File is not OpenFile file) return 0;
        if ((filter & FilePrivate) != 0) return all;
        bool mayHoldHeaders = mapping.FirstPage == 0 && (mapping.Rights & PageRights.Read) != 0;
        return (filter & ElfHeaders) != 0 && mayHoldHeaders && IsElf(file) ? (ulong)UserAddress.PageSizeBytes : 0;
    }

    private static bool IsElf(OpenFile file)
    {
        Span<byte> head = stackalloc byte[ElfFileHeader.SizeBytes];
        int length = ProgramFile.Read(file, 0, head, out Errno error);
        return error == Errno.None && ElfFileHeader.IsElf(head[..length]);
    }
}
