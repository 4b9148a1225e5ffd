using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>Which files there are in the directories of control groups.</summary>
/// <source>Linux's description of control group v2, "Core Interface Files", "PID", "Memory".</source>
/// <deviation>No threaded groups, no pressure. The processor has no controller: its files only
/// tell.</deviation>
internal static class CgroupFiles
{
    internal static readonly CgroupFile[] All =
    [
        new("cgroup.controllers"u8, CgroupCore.AppendControllers, null) { IsInRoot = true },
        new("cgroup.events"u8, CgroupCore.AppendEvents, null) { TellsChanges = true },
        new("cgroup.freeze"u8, CgroupFreezer.AppendState, CgroupFreezer.StoreState),
        new("cgroup.kill"u8, null, CgroupCore.StoreKill),
        new("cgroup.max.depth"u8, CgroupCore.AppendMaxDepth, CgroupCore.StoreMaxDepth) { IsInRoot = true },
        new("cgroup.max.descendants"u8, CgroupCore.AppendMaxDescendants, CgroupCore.StoreMaxDescendants)
        {
            IsInRoot = true,
        },
        new("cgroup.procs"u8, CgroupMembers.AppendProcesses, CgroupMembers.StoreProcess) { IsInRoot = true },
        new("cgroup.stat"u8, CgroupCore.AppendStat, null) { IsInRoot = true },
        new("cgroup.subtree_control"u8, CgroupCore.AppendSubtree, CgroupCore.StoreSubtree) { IsInRoot = true },
        new("cgroup.threads"u8, CgroupMembers.AppendThreads, CgroupMembers.StoreThread) { IsInRoot = true },
        new("cgroup.type"u8, CgroupCore.AppendType, CgroupCore.StoreType),
        new("cpu.stat"u8, CgroupCore.AppendTimes, null) { IsInRoot = true },
        new("memory.current"u8, CgroupMemoryTexts.AppendCurrent, null) { Controller = CgroupControllers.Memory },
        new("memory.events"u8, CgroupMemoryTexts.AppendEvents, null)
        {
            Controller = CgroupControllers.Memory, TellsChanges = true,
        },
        new("memory.high"u8, CgroupMemoryTexts.AppendHigh, CgroupMemoryTexts.StoreHigh)
        {
            Controller = CgroupControllers.Memory,
        },
        new("memory.low"u8, CgroupMemoryTexts.AppendLow, CgroupMemoryTexts.StoreLow)
        {
            Controller = CgroupControllers.Memory,
        },
        new("memory.max"u8, CgroupMemoryTexts.AppendMax, CgroupMemoryTexts.StoreMax)
        {
            Controller = CgroupControllers.Memory,
        },
        new("memory.min"u8, CgroupMemoryTexts.AppendMin, CgroupMemoryTexts.StoreMin)
        {
            Controller = CgroupControllers.Memory,
        },
        new("memory.oom.group"u8, CgroupMemoryTexts.AppendGroupEnd, CgroupMemoryTexts.StoreGroupEnd)
        {
            Controller = CgroupControllers.Memory,
        },
        new("memory.peak"u8, CgroupMemoryTexts.AppendPeak, null) { Controller = CgroupControllers.Memory },
        new("memory.stat"u8, CgroupMemoryTexts.AppendStat, null)
        {
            Controller = CgroupControllers.Memory, IsInRoot = true,
        },
        new("memory.swap.current"u8, CgroupMemoryTexts.AppendZero, null) { Controller = CgroupControllers.Memory },
        new("memory.swap.events"u8, CgroupMemoryTexts.AppendSwapEvents, null)
        {
            Controller = CgroupControllers.Memory,
        },
        new("memory.swap.high"u8, CgroupMemoryTexts.AppendSwapHigh, CgroupMemoryTexts.StoreSwapHigh)
        {
            Controller = CgroupControllers.Memory,
        },
        new("memory.swap.max"u8, CgroupMemoryTexts.AppendSwapMax, CgroupMemoryTexts.StoreSwapMax)
        {
            Controller = CgroupControllers.Memory,
        },
        new("pids.current"u8, CgroupPids.AppendCurrent, null) { Controller = CgroupControllers.Pids },
        new("pids.events"u8, CgroupPids.AppendEvents, null) { Controller = CgroupControllers.Pids },
        new("pids.max"u8, CgroupPids.AppendMax, CgroupPids.StoreMax) { Controller = CgroupControllers.Pids },
        new("pids.peak"u8, CgroupPids.AppendPeak, null) { Controller = CgroupControllers.Pids },
    ];
}
