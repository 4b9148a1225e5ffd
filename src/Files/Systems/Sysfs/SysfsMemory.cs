using System;
using Cashew.Machine;

namespace Cashew.Files.Systems;

/// <summary>What sysfs tells of memory: one node, and large pages.</summary>
/// <source>Linux's descriptions of /sys/devices/system/node and of transparent huge pages.</source>
internal static class SysfsMemory
{
    private const long KibPerFrame = Frame.SizeBytes / 1024;
    private const int FigureWidth = 8;

    internal static void AddTo(SysFilesystem sysfs)
    {
        AddNode(sysfs);
        sysfs.AddFile(
            "kernel/mm/transparent_hugepage/enabled"u8, GeneratedMode.OwnerWrites, new HugePageSetting());
        sysfs.AddText("kernel/mm/transparent_hugepage/hpage_pmd_size"u8, static text
            => text.Append((long)FrameBlock.SizeBytes).Append((byte)'\n'));

        // A fault takes a large page that is there, and makes none by moving others; files have none.
        sysfs.AddText("kernel/mm/transparent_hugepage/defrag"u8, static text
            => text.Append("always defer defer+madvise madvise [never]\n"u8));
        sysfs.AddText("kernel/mm/transparent_hugepage/shmem_enabled"u8, static text
            => text.Append("always within_size advise [never] deny force\n"u8));
        sysfs.AddText("kernel/mm/transparent_hugepage/use_zero_page"u8, AppendZero);
        sysfs.AddText("kernel/mm/ksm/run"u8, AppendZero);
        sysfs.AddText("kernel/mm/ksm/pages_shared"u8, AppendZero);
        sysfs.AddText("kernel/mm/ksm/pages_sharing"u8, AppendZero);
    }

    private static void AddNode(SysFilesystem sysfs)
    {
        sysfs.AddText("devices/system/node/has_cpu"u8, AppendZero);
        sysfs.AddText("devices/system/node/has_memory"u8, AppendZero);
        sysfs.AddText("devices/system/node/has_normal_memory"u8, AppendZero);
        sysfs.AddText("devices/system/node/online"u8, AppendZero);
        sysfs.AddText("devices/system/node/possible"u8, AppendZero);
        sysfs.AddText("devices/system/node/node0/cpulist"u8, static text =>
        {
            ProcessorMask.AppendList(text, ProcessorMask.Existing);
            text.Append((byte)'\n');
        });
        sysfs.AddText("devices/system/node/node0/cpumap"u8, static text
            => text.AppendHex((1UL << Cpu.Count) - 1).Append((byte)'\n'));
        sysfs.AddText("devices/system/node/node0/distance"u8, static text => text.Append("10\n"u8));
        sysfs.AddText("devices/system/node/node0/meminfo"u8, AppendMemory);
        for (int cpu = 0; cpu < Cpu.Count; cpu++)
        {
            ByteBuilder path = new();
            path.Append("devices/system/node/node0/cpu"u8).Append((long)cpu);
            ByteBuilder target = new();
            target.Append("../../cpu/cpu"u8).Append((long)cpu);
            sysfs.AddLink(path.Written, target.Written);
        }
    }

    private static void AppendMemory(ByteBuilder text)
    {
        long total = Frame.TotalCount * KibPerFrame;
        long free = Frame.FreeCount * KibPerFrame;
        AppendLine(text, "Node 0 MemTotal:       "u8, total);
        AppendLine(text, "Node 0 MemFree:        "u8, free);
        AppendLine(text, "Node 0 MemUsed:        "u8, total - free);
        AppendLine(text, "Node 0 HugePages_Total: "u8, 0);
        AppendLine(text, "Node 0 HugePages_Free:  "u8, 0);
    }

    private static void AppendLine(ByteBuilder text, ReadOnlySpan<byte> label, long kib)
        => text.Append(label).Append(kib, FigureWidth).Append(" kB\n"u8);

    private static void AppendZero(ByteBuilder text) => text.Append("0\n"u8);
}
