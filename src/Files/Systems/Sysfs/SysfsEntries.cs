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
        sysfs.AddDirectory("class/block"u8);
        sysfs.AddDirectory("class/net"u8);
        sysfs.AddDirectory("dev/block"u8);
        sysfs.AddDirectory("dev/char"u8);
        sysfs.AddText("devices/system/cpu/online"u8, AppendProcessors);
        sysfs.AddText("devices/system/cpu/possible"u8, AppendProcessors);
        sysfs.AddText("devices/system/cpu/present"u8, AppendProcessors);
        sysfs.AddText("devices/system/cpu/offline"u8, static text => text.Append((byte)'\n'));
        sysfs.AddText("devices/system/cpu/isolated"u8, static text => text.Append((byte)'\n'));
        sysfs.AddText("devices/system/cpu/kernel_max"u8, static text
            => text.Append((long)(ProcessorMask.MaxCount - 1)).Append((byte)'\n'));
        for (int cpu = 0; cpu < Cpu.Count; cpu++) AddProcessor(sysfs, cpu);
        sysfs.AddDirectory("devices/virtual"u8);
        sysfs.AddDirectory("firmware"u8);
        sysfs.AddDirectory("fs/cgroup"u8);
        sysfs.AddDirectory("module"u8);
        sysfs.AddDirectory("power"u8);
        AddKernel(sysfs);
        sysfs.AddFile(
            "kernel/mm/transparent_hugepage/enabled"u8, GeneratedMode.OwnerWrites, new HugePageSetting());
        sysfs.AddText("kernel/mm/transparent_hugepage/hpage_pmd_size"u8, static text
            => text.Append((long)FrameBlock.SizeBytes).Append((byte)'\n'));
    }

    // Nothing here is ever hot-plugged or loaded, and after an oops nothing runs: these counts stay.
    private static void AddKernel(SysFilesystem sysfs)
    {
        sysfs.AddText("kernel/fscaps"u8, static text => text.Append("1\n"u8));
        sysfs.AddText("kernel/kexec_crash_loaded"u8, AppendZero);
        sysfs.AddText("kernel/kexec_loaded"u8, AppendZero);
        sysfs.AddText("kernel/oops_count"u8, AppendZero);
        sysfs.AddText("kernel/uevent_seqnum"u8, AppendZero);
        sysfs.AddText("kernel/warn_count"u8, AppendZero);
    }

    private static void AppendZero(ByteBuilder text) => text.Append("0\n"u8);

    // A package of one core each: what else there is the virtual machine does not tell.
    private static void AddProcessor(SysFilesystem sysfs, int cpu)
    {
        AddTopology(sysfs, cpu, "core_id"u8, text => text.Append((byte)'0'));
        AddTopology(sysfs, cpu, "die_id"u8, text => text.Append((byte)'0'));
        AddTopology(sysfs, cpu, "physical_package_id"u8, text => text.Append((long)cpu));
        AddGroup(sysfs, cpu, "core_cpus"u8);
        AddGroup(sysfs, cpu, "core_siblings"u8);
        AddGroup(sysfs, cpu, "die_cpus"u8);
        AddGroup(sysfs, cpu, "package_cpus"u8);
        AddGroup(sysfs, cpu, "thread_siblings"u8);
    }

    // Which processors share something: as a mask, and as a list.
    private static void AddGroup(SysFilesystem sysfs, int cpu, ReadOnlySpan<byte> name)
    {
        AddTopology(sysfs, cpu, name, text => text.AppendHex(1UL << cpu));
        ByteBuilder list = new();
        list.Append(name).Append("_list"u8);
        AddTopology(sysfs, cpu, list.Written, text => text.Append((long)cpu));
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
