using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>What is in the directory of each process and thread.</summary>
/// <source>proc(5) and the pages it names.</source>
internal static class ProcessEntries
{
    internal static readonly ProcessEntry[] All =
    [
        new ProcessDirectoryEntry("task"u8, GeneratedMode.Directory, static (proc, subject, number, node)
            => new TaskDirectory(proc, subject, number, node)) { IsForTasks = false },
        new ProcessDirectoryEntry("fd"u8, GeneratedMode.OwnerDirectory, static (proc, subject, number, node)
            => new DescriptorLinks(proc, subject, number, node)),
        new ProcessDirectoryEntry("fdinfo"u8, GeneratedMode.Directory, static (proc, subject, number, node)
            => new DescriptorTexts(proc, subject, number, node)),
        new ProcessDirectoryEntry("net"u8, GeneratedMode.Directory, static (proc, subject, number, _)
            => new NetworkDirectory(proc, subject, number)),
        new ProcessDirectoryEntry("ns"u8, GeneratedMode.NamespaceDirectory, static (proc, subject, number, node)
            => new NamespaceDirectory(proc, subject, number, node)),
        new ProcessTextEntry("environ"u8, GeneratedMode.OwnerReads, CommandText.AppendEnvironment)
        {
            IsSecret = true,
        },
        new ProcessTextEntry("auxv"u8, GeneratedMode.OwnerReads, MiscellaneousTexts.AppendAuxiliaryVector)
        {
            IsSecret = true,
        },
        new ProcessTextEntry("status"u8, GeneratedMode.ReadOnly, StatusText.Append),
        new ProcessTextEntry("personality"u8, GeneratedMode.OwnerReads, MiscellaneousTexts.AppendPersonality)
        {
            IsSecret = true,
        },
        new ProcessTextEntry("sched"u8, GeneratedMode.ReadOnly, SchedulingTexts.Append),
        new ProcessTextEntry("schedstat"u8, GeneratedMode.ReadOnly, SchedulingTexts.AppendStatistics),
        new ProcessTextEntry("limits"u8, GeneratedMode.ReadOnly, LimitsText.Append),
        new ProcessTextEntry("comm"u8, GeneratedMode.OwnerWrites, CommandText.AppendComm)
        {
            Store = CommandText.StoreComm,
        },
        new ProcessTextEntry("cmdline"u8, GeneratedMode.ReadOnly, CommandText.AppendArguments),
        new ProcessTextEntry("stat"u8, GeneratedMode.ReadOnly, StatText.Append),
        new ProcessTextEntry("statm"u8, GeneratedMode.ReadOnly, StatmText.Append),
        new ProcessTextEntry("maps"u8, GeneratedMode.ReadOnly, MapsText.Append) { IsSecret = true },
        new ProcessTextEntry("smaps"u8, GeneratedMode.ReadOnly, SmapsText.Append) { IsSecret = true },
        new ProcessTextEntry("smaps_rollup"u8, GeneratedMode.ReadOnly, SmapsText.AppendSum) { IsSecret = true },
        new ProcessTextEntry("io"u8, GeneratedMode.OwnerReads, IoText.Append) { IsSecret = true },
        new ProcessTextEntry("syscall"u8, GeneratedMode.OwnerReads, SyscallText.Append) { IsSecret = true },
        new ProcessTextEntry("coredump_filter"u8, GeneratedMode.OwnerWrites, MiscellaneousTexts.AppendDumpFilter)
        {
            Store = MiscellaneousTexts.StoreDumpFilter,
            IsForTasks = false,
        },
        new ProcessTextEntry("cgroup"u8, GeneratedMode.ReadOnly, CgroupPath.Append),
        new ProcessTextEntry("loginuid"u8, GeneratedMode.ReadOnly, MiscellaneousTexts.AppendNoLogin),
        new ProcessTextEntry("sessionid"u8, GeneratedMode.ReadOnly, MiscellaneousTexts.AppendNoLogin),
        new ProcessTextEntry("mountstats"u8, GeneratedMode.OwnerReads, MountsText.AppendMountStatistics)
        {
            IsForTasks = false,
        },
        new ProcessMemoryEntry("mem"u8),
        new PagemapEntry("pagemap"u8),
        new ProcessTextEntry("clear_refs"u8, GeneratedMode.OwnerStores, ClearReferences.Append)
        {
            Store = ClearReferences.Store,
        },
        new ProcessTextEntry("uid_map"u8, GeneratedMode.OwnerWrites, IdMapTexts.Append) { Store = IdMapTexts.Store },
        new ProcessTextEntry("gid_map"u8, GeneratedMode.OwnerWrites, IdMapTexts.Append) { Store = IdMapTexts.Store },
        new ProcessTextEntry("projid_map"u8, GeneratedMode.OwnerWrites, IdMapTexts.Append)
        {
            Store = IdMapTexts.Store,
        },
        new ProcessTextEntry("setgroups"u8, GeneratedMode.OwnerWrites, IdMapTexts.AppendSetgroups)
        {
            Store = IdMapTexts.StoreSetgroups,
        },
        new ProcessTextEntry("children"u8, GeneratedMode.ReadOnly, MiscellaneousTexts.AppendChildren)
        {
            IsForProcesses = false,
        },
        new ProcessLinkEntry("cwd"u8, ProcessLinkTargets.TryFindWorkingDirectory),
        new ProcessLinkEntry("root"u8, ProcessLinkTargets.TryFindRoot),
        new ProcessLinkEntry("exe"u8, ProcessLinkTargets.TryFindProgram),
        new ProcessTextEntry("mounts"u8, GeneratedMode.ReadOnly, MountsText.AppendMounts) { ShowsMounts = true },
        new ProcessTextEntry("mountinfo"u8, GeneratedMode.ReadOnly, MountsText.AppendMountInfo) { ShowsMounts = true },
        new ProcessTextEntry("timers"u8, GeneratedMode.ReadOnly, TimersText.Append) { IsForTasks = false },
        new ProcessTextEntry("wchan"u8, GeneratedMode.ReadOnly, MiscellaneousTexts.AppendWaitChannel),
        new ProcessTextEntry("timerslack_ns"u8, GeneratedMode.EverybodyWrites, MiscellaneousTexts.AppendTimerSlack)
        {
            IsForTasks = false,
            Store = MiscellaneousTexts.StoreTimerSlack,
        },
        new ProcessTextEntry("oom_adj"u8, GeneratedMode.OwnerWrites, MiscellaneousTexts.AppendOldOomAdjustment)
        {
            Store = MiscellaneousTexts.StoreOldOomAdjustment,
        },
        new ProcessTextEntry("oom_score"u8, GeneratedMode.ReadOnly, MiscellaneousTexts.AppendOomScore),
        new ProcessTextEntry(
            "oom_score_adj"u8, GeneratedMode.OwnerWrites, MiscellaneousTexts.AppendOomAdjustment)
        {
            Store = MiscellaneousTexts.StoreOomAdjustment,
        },
    ];
}
