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
        for (int cpu = 0; cpu < Cpu.Count; cpu++) SysfsProcessors.Add(sysfs, cpu);
        SysfsProcessors.AddWeaknesses(sysfs);
        SysfsMemory.AddTo(sysfs);
        sysfs.AddText("devices/system/clocksource/clocksource0/available_clocksource"u8, static text
            => text.Append("tsc \n"u8));
        sysfs.AddText("devices/system/clocksource/clocksource0/current_clocksource"u8, static text
            => text.Append("tsc\n"u8));
        sysfs.AddDirectory("devices/virtual"u8);
        sysfs.AddDirectory("firmware"u8);
        sysfs.AddDirectory("fs/cgroup"u8);
        sysfs.AddDirectory("module"u8);
        sysfs.AddDirectory("power"u8);
        AddKernel(sysfs);
    }

    // Nothing here is ever hot-plugged or loaded, and after an oops nothing runs: these counts stay.
    private static void AddKernel(SysFilesystem sysfs)
    {
        sysfs.AddText("kernel/cgroup/delegate"u8, static text
            => text.Append("cgroup.procs\ncgroup.threads\ncgroup.subtree_control\nmemory.oom.group\n"u8));
        sysfs.AddText("kernel/cgroup/features"u8, static text
            => text.Append("nsdelegate\nfavordynmods\nmemory_localevents\nmemory_recursiveprot\n"u8));
        sysfs.AddText("kernel/fscaps"u8, static text => text.Append("1\n"u8));
        sysfs.AddText("kernel/kexec_crash_loaded"u8, AppendZero);
        sysfs.AddText("kernel/kexec_loaded"u8, AppendZero);
        sysfs.AddText("kernel/oops_count"u8, AppendZero);
        sysfs.AddText("kernel/profiling"u8, AppendZero);
        sysfs.AddText("kernel/uevent_seqnum"u8, AppendZero);
        sysfs.AddText("kernel/warn_count"u8, AppendZero);
    }

    private static void AppendZero(ByteBuilder text) => text.Append("0\n"u8);

    private static void AppendProcessors(ByteBuilder text)
    {
        ProcessorMask.AppendList(text, ProcessorMask.Existing);
        text.Append((byte)'\n');
    }
}
