using System;
using Cashew.Machine;

namespace Cashew.Files.Systems;

/// <summary>What programs look up: which processors there are. Drivers add their devices.</summary>
/// <source>sysfs(5); Linux's descriptions of /sys/devices/system/cpu and of transparent huge pages.</source>
internal static class SysfsEntries
{
    internal static void AddTo(SysFilesystem sysfs)
    {
        sysfs.AddDirectory("block"u8);
        sysfs.AddDirectory("bus"u8);
        sysfs.AddDirectory("class"u8);
        sysfs.AddDirectory("dev/block"u8);
        sysfs.AddDirectory("dev/char"u8);
        sysfs.AddText("devices/system/cpu/online"u8, AppendProcessors);
        sysfs.AddText("devices/system/cpu/possible"u8, AppendProcessors);
        sysfs.AddText("devices/system/cpu/present"u8, AppendProcessors);
        sysfs.AddText("devices/system/cpu/offline"u8, static text => text.Append((byte)'\n'));
        for (int cpu = 0; cpu < Cpu.Count; cpu++) AddProcessor(sysfs, cpu);
        sysfs.AddDirectory("fs/cgroup"u8);
        sysfs.AddFile(
            "kernel/mm/transparent_hugepage/enabled"u8, GeneratedMode.OwnerWrites, new HugePageSetting());
        sysfs.AddText("kernel/mm/transparent_hugepage/hpage_pmd_size"u8, static text
            => text.Append((long)FrameBlock.SizeBytes).Append((byte)'\n'));
    }

    // A package of one core each: what else there is the virtual machine does not tell.
    private static void AddProcessor(SysFilesystem sysfs, int cpu)
    {
        AddTopology(sysfs, cpu, "core_id"u8, text => text.Append((byte)'0'));
        AddTopology(sysfs, cpu, "physical_package_id"u8, text => text.Append((long)cpu));
        AddTopology(sysfs, cpu, "core_siblings_list"u8, text => text.Append((long)cpu));
        AddTopology(sysfs, cpu, "thread_siblings_list"u8, text => text.Append((long)cpu));
        AddTopology(sysfs, cpu, "core_siblings"u8, text => text.AppendHex(1UL << cpu));
        AddTopology(sysfs, cpu, "thread_siblings"u8, text => text.AppendHex(1UL << cpu));
    }

    private static void AddTopology(
        SysFilesystem sysfs, int cpu, ReadOnlySpan<byte> name, Action<ByteBuilder> writer)
    {
        ByteBuilder path = new();
        path.Append("devices/system/cpu/cpu"u8).Append((long)cpu).Append("/topology/"u8).Append(name);
        sysfs.AddText(path.Written, text =>
        {
            writer(text);
            text.Append((byte)'\n');
        });
    }

    private static void AppendProcessors(ByteBuilder text)
    {
        ProcessorMask.AppendList(text, ProcessorMask.Existing);
        text.Append((byte)'\n');
    }
}
