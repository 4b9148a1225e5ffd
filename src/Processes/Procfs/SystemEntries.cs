using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>The files in /proc that are about the system.</summary>
/// <source>proc(5) and the pages it names.</source>
internal static class SystemEntries
{
    internal static void AddTo(ProcFilesystem proc)
    {
        proc.AddText("cgroups"u8, FeatureTexts.AppendControllers);
        proc.AddText("cmdline"u8, AppendCommandLine);
        proc.AddText("consoles"u8, DeviceText.AppendConsoles);
        proc.AddText("cpuinfo"u8, ProcessorText.Append);
        proc.AddText("devices"u8, DeviceText.Append);
        proc.AddText("execdomains"u8, FeatureTexts.AppendDomains);
        proc.AddText("filesystems"u8, FilesystemTypes.AppendList);
        proc.AddText("interrupts"u8, InterruptTexts.Append);
        proc.AddText("loadavg"u8, ActivityTexts.AppendLoad);
        proc.AddFile("locks"u8, GeneratedMode.ReadOnly, new LocksText());
        proc.AddText("meminfo"u8, MemoryTexts.AppendInformation);
        proc.AddText("misc"u8, DeviceText.AppendMiscellaneous);
        proc.AddText("modules"u8, FeatureTexts.AppendModules);
        proc.AddLink("mounts"u8, "self/mounts"u8);
        proc.AddLink("net"u8, "self/net"u8);
        proc.AddText("partitions"u8, DeviceText.AppendPartitions);
        proc.AddText("diskstats"u8, DeviceText.AppendDiskStatistics);
        proc.AddText("softirqs"u8, InterruptTexts.AppendSoft);
        proc.AddText("stat"u8, ActivityTexts.AppendStatistics);
        proc.AddText("swaps"u8, MemoryTexts.AppendSwaps);
        proc.AddText("uptime"u8, ActivityTexts.AppendUptime);
        proc.AddText("version"u8, AppendVersion);
        proc.AddText("vmstat"u8, MemoryTexts.AppendStatistics);
        proc.AddText("zoneinfo"u8, MemoryTexts.AppendZone);
        SysctlEntries.AddTo(proc);
        IpcTexts.AddTo(proc);
        CashewEntries.AddTo(proc);
    }

    private static void AppendCommandLine(ByteBuilder text)
        => text.Append(BootInfo.CommandLine).Append((byte)'\n');

    /// <source>proc_version(5): "Linux version", the release, who built it with what, the version.</source>
    private static void AppendVersion(ByteBuilder text)
    {
        text.Append(SystemNames.Sysname).Append(" version "u8).Append(SystemNames.Release);
        text.Append(" (cashew) (.NET native AOT compiler) "u8).Append(SystemNames.Version).Append((byte)'\n');
    }
}
