using System;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Runtime;

namespace Cashew.Processes;

/// <summary>Where the memory is.</summary>
internal static class MemoryTexts
{
    private const int LabelColumns = 16;
    private const int ValueColumns = 8;
    private const long KibibyteBytes = 1024;
    private const long KibibytesPerPage = UserAddress.PageSizeBytes / KibibyteBytes;

    /// <source>proc_meminfo(5).</source>
    /// <deviation>Slab is the kernel's heap. Lines about what this kernel does not have or does not count
    /// (active and inactive lists, huge pages, vmalloc) are missing, as they are on a Linux built without the
    /// feature.</deviation>
    internal static void AppendInformation(ByteBuilder text)
    {
        MemoryStatistics memory = MemoryStatistics.Read();
        Pages(text, "MemTotal:"u8, memory.TotalPages);
        Pages(text, "MemFree:"u8, memory.FreePages);
        Pages(text, "MemAvailable:"u8, memory.AvailablePages);
        Pages(text, "Buffers:"u8, 0);
        Pages(text, "Cached:"u8, memory.CachedPages);
        Pages(text, "SwapCached:"u8, 0);
        Pages(text, "SwapTotal:"u8, 0);
        Pages(text, "SwapFree:"u8, 0);
        Pages(text, "Dirty:"u8, 0);
        Pages(text, "Writeback:"u8, 0);
        Pages(text, "AnonPages:"u8, memory.AnonymousPages);
        Pages(text, "Mapped:"u8, memory.MappedPages);
        Pages(text, "Shmem:"u8, memory.SharedMemoryPages);
        Kibibytes(text, "Slab:"u8, Collector.HeapBytes / KibibyteBytes);
        Pages(text, "SReclaimable:"u8, 0);
        Kibibytes(text, "SUnreclaim:"u8, Collector.HeapBytes / KibibyteBytes);
        Pages(text, "PageTables:"u8, PageTable.TableCount);
        Pages(text, "AnonHugePages:"u8, memory.HugePages);
        Pages(text, "CommitLimit:"u8, memory.CommitLimitPages);
        Pages(text, "Committed_AS:"u8, memory.CommittedPages);
    }

    /// <source>proc_vmstat(5). Nothing is paged to or from a device.</source>
    internal static void AppendStatistics(ByteBuilder text)
    {
        MemoryStatistics memory = MemoryStatistics.Read();
        Count(text, "nr_free_pages "u8, memory.FreePages);
        Count(text, "nr_anon_pages "u8, memory.AnonymousPages);
        Count(text, "nr_mapped "u8, memory.MappedPages);
        Count(text, "nr_file_pages "u8, memory.CachedPages);
        Count(text, "nr_dirty "u8, 0);
        Count(text, "nr_writeback "u8, 0);
        Count(text, "nr_shmem "u8, memory.SharedMemoryPages);
        Count(text, "nr_page_table_pages "u8, PageTable.TableCount);
        Count(text, "pgpgin "u8, 0);
        Count(text, "pgpgout "u8, 0);
        Count(text, "pswpin "u8, 0);
        Count(text, "pswpout "u8, 0);
    }

    /// <summary>All memory is one zone. The marks are those of docs/limits.md: below the lowest programs get
    /// no pages.
    /// </summary>
    /// <source>proc_zoneinfo(5).</source>
    internal static void AppendZone(ByteBuilder text)
    {
        text.Append("Node 0, zone   Normal\n  pages free     "u8).Append(Frame.FreeCount);
        Mark(text, "min      "u8, 2 * Frame.KernelReserve);
        Mark(text, "low      "u8, 3 * Frame.KernelReserve);
        Mark(text, "high     "u8, 4 * Frame.KernelReserve);
        Mark(text, "spanned  "u8, Frame.TotalCount);
        Mark(text, "present  "u8, Frame.TotalCount);
        Mark(text, "managed  "u8, Frame.TotalCount);
        text.Append("\n"u8);
    }

    private static void Mark(ByteBuilder text, ReadOnlySpan<byte> label, long pages)
        => text.Append("\n        "u8).Append(label).Append(pages);

    /// <source>proc_swaps(5): the heading alone, for there is no swap.</source>
    internal static void AppendSwaps(ByteBuilder text)
        => text.Append("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"u8);

    private static void Pages(ByteBuilder text, ReadOnlySpan<byte> label, long pages)
        => Kibibytes(text, label, pages * KibibytesPerPage);

    private static void Kibibytes(ByteBuilder text, ReadOnlySpan<byte> label, long count)
    {
        text.Append(label).Pad(LabelColumns - label.Length, (byte)' ');
        text.Append(count, ValueColumns).Append(" kB\n"u8);
    }

    private static void Count(ByteBuilder text, ReadOnlySpan<byte> label, long count)
        => text.Append(label).Append(count).Append((byte)'\n');
}
