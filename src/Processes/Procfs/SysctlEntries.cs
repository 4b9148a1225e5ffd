using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>/proc/sys: what can be set, and limits that programs look up.</summary>
/// <source>proc_sys_kernel(5), proc_sys_vm(5), proc_sys_fs(5).</source>
internal static class SysctlEntries
{
    /// <summary>The ids of nobody, for numbers that are too long for who asks.</summary>
    private const int OverflowId = 65534;

    /// <summary>Bits that random numbers are drawn from; what Linux has said since 5.18, too.</summary>
    private const int EntropyBits = 256;

    private const int MaxPercent = 1_000_000;

    internal static void AddTo(ProcFilesystem proc)
    {
        AddKernel(proc);
        AddScheduling(proc);
        AddMemory(proc);
        AddFiles(proc);
        MqueueEntries.AddTo(proc);
    }

    private static void AddKernel(ProcFilesystem proc)
    {
        proc.AddFile("sys/kernel/hostname"u8, GeneratedMode.OwnerWrites, new SysctlName(isDomain: false));
        proc.AddFile("sys/kernel/domainname"u8, GeneratedMode.OwnerWrites, new SysctlName(isDomain: true));
        proc.AddText("sys/kernel/ostype"u8, static text => AppendLine(text, SystemNames.Sysname));
        proc.AddText("sys/kernel/osrelease"u8, static text => AppendLine(text, SystemNames.Release));
        proc.AddText("sys/kernel/arch"u8, static text => text.Append("x86_64\n"u8));
        proc.AddText("sys/kernel/version"u8, static text => AppendLine(text, SystemNames.Version));
        proc.AddFile("sys/kernel/printk"u8, GeneratedMode.OwnerWrites, new ConsoleLevels());
        AddNumber(proc, "sys/kernel/pid_max"u8, static () => PidTable.MaxCount);
        proc.AddFile("sys/kernel/threads-max"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => ThreadLimit.Most, static value => ThreadLimit.Most = (int)value,
            ThreadLimit.Fewest, PidTable.MaxCount));
        AddNumber(proc, "sys/kernel/cap_last_cap"u8, static () => Capability.CAP_LAST_CAP);
        AddNumber(proc, "sys/kernel/ngroups_max"u8, static () => Limits.NGROUPS_MAX);
        AddNumber(proc, "sys/kernel/overflowuid"u8, static () => OverflowId);
        AddNumber(proc, "sys/kernel/overflowgid"u8, static () => OverflowId);
        proc.AddFile("sys/kernel/core_pattern"u8, GeneratedMode.OwnerWrites, new SysctlCorePattern());
        proc.AddFile("sys/kernel/core_uses_pid"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => CorePattern.UsesPid ? 1 : 0, static value => CorePattern.UsesPid = value != 0,
            int.MinValue, int.MaxValue));
        proc.AddFile("sys/kernel/randomize_va_space"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => AddressPolicy.Randomization, static value => AddressPolicy.Randomization = (int)value,
            int.MinValue, int.MaxValue));
        proc.AddText("sys/kernel/random/uuid"u8, RandomTexts.AppendFresh);
        proc.AddText("sys/kernel/random/boot_id"u8, RandomTexts.AppendOfBoot);
        AddNumber(proc, "sys/kernel/tainted"u8, static () => 0);
        AddNumber(proc, "sys/kernel/pty/max"u8, static () => DevptsFilesystem.MaxPairs);
        proc.AddText("sys/kernel/seccomp/actions_avail"u8, static text
            => text.Append("kill_process kill_thread trap errno trace log allow\n"u8));
        AddNumber(proc, "sys/kernel/random/entropy_avail"u8, static () => EntropyBits);
        AddNumber(proc, "sys/kernel/random/poolsize"u8, static () => EntropyBits);
    }

    private static void AddScheduling(ProcFilesystem proc)
    {
        const long nanoseconds = 1000;
        proc.AddFile("sys/kernel/sched_rt_period_us"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => RealtimeShare.PeriodNs / nanoseconds,
            static value => RealtimeShare.PeriodNs = value * nanoseconds, 1, int.MaxValue));
        proc.AddFile("sys/kernel/sched_rt_runtime_us"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => RealtimeShare.RuntimeNs < 0 ? -1 : RealtimeShare.RuntimeNs / nanoseconds,
            static value => RealtimeShare.RuntimeNs = value * nanoseconds, -1, int.MaxValue));
        AddNumber(proc, "sys/kernel/sched_rr_timeslice_ms"u8, static ()
            => Scheduler.TurnOf(SchedulingPolicy.RoundRobin).Value / Nanoseconds.PerMillisecond);
    }

    private static void AddMemory(ProcFilesystem proc)
    {
        proc.AddFile("sys/vm/overcommit_memory"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => (long)Commitment.Mode, static value => Commitment.Mode = (OvercommitMode)value,
            (long)OvercommitMode.Heuristic, (long)OvercommitMode.Never));
        proc.AddFile("sys/vm/overcommit_ratio"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => Commitment.RatioPercent, static value => Commitment.RatioPercent = (int)value,
            0, MaxPercent));
        proc.AddFile("sys/vm/drop_caches"u8, GeneratedMode.OwnerStores, new DropCaches());
        proc.AddFile("sys/vm/overcommit_kbytes"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => Commitment.LimitKibibytes, static value => Commitment.LimitKibibytes = value,
            0, long.MaxValue));
        proc.AddFile("sys/vm/legacy_va_layout"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => AddressPolicy.UsesLegacyLayout ? 1 : 0,
            static value => AddressPolicy.UsesLegacyLayout = value != 0, 0, 1));
        AddNumber(proc, "sys/vm/max_map_count"u8, static () => Placement.MaximumMappings);
        AddNumber(proc, "sys/vm/mmap_min_addr"u8, static () => (long)Placement.LowestAddress);
    }

    private static void AddFiles(ProcFilesystem proc)
    {
        proc.AddFile("sys/fs/file-max"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => OpenFileLimit.Most, static value => OpenFileLimit.Most = value, 1, long.MaxValue));
        proc.AddText("sys/fs/file-nr"u8, static text => text.Append((long)OpenFile.Count).Append("\t0\t"u8)
            .Append(OpenFileLimit.Most).Append((byte)'\n'));
        proc.AddFile("sys/fs/suid_dumpable"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => AddressPolicy.DumpableOfPrivileged,
            static value => AddressPolicy.DumpableOfPrivileged = (int)value, 0, 2));
        AddNumber(proc, "sys/fs/overflowuid"u8, static () => OverflowId);
        AddNumber(proc, "sys/fs/overflowgid"u8, static () => OverflowId);
        proc.AddFile("sys/fs/epoll/max_user_watches"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => FileAccount.MostWatches, static value => FileAccount.MostWatches = value, 0, long.MaxValue));
        AddNumber(proc, "sys/fs/nr_open"u8, static () => (long)LimitRules.MaxDescriptors);
        proc.AddFile("sys/fs/pipe-max-size"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => PipeLimits.MaxBytes, static value => PipeLimits.MaxBytes = value, 1, 1L << 31));
        proc.AddFile("sys/fs/pipe-user-pages-soft"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => PipeLimits.SoftPages, static value => PipeLimits.SoftPages = value, 0, long.MaxValue));
        proc.AddFile("sys/fs/pipe-user-pages-hard"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => PipeLimits.HardPages, static value => PipeLimits.HardPages = value, 0, long.MaxValue));
        proc.AddFile("sys/fs/inotify/max_user_instances"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => InotifyLimits.MostInstances, static value => InotifyLimits.MostInstances = value,
            0, int.MaxValue));
        proc.AddFile("sys/fs/inotify/max_user_watches"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => InotifyLimits.MostWatches, static value => InotifyLimits.MostWatches = value, 0, int.MaxValue));
        proc.AddFile("sys/fs/inotify/max_queued_events"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => InotifyLimits.MostEvents, static value => InotifyLimits.MostEvents = value, 0, int.MaxValue));
        proc.AddFile("sys/fs/protected_hardlinks"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => FileProtections.Links, static value => FileProtections.Links = value, 0, 1));
        proc.AddFile("sys/fs/protected_symlinks"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => FileProtections.Symlinks, static value => FileProtections.Symlinks = value, 0, 1));
        proc.AddFile("sys/fs/protected_fifos"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => FileProtections.Fifos, static value => FileProtections.Fifos = value, 0, 2));
        proc.AddFile("sys/fs/protected_regular"u8, GeneratedMode.OwnerWrites, new SysctlNumber(
            static () => FileProtections.RegularFiles, static value => FileProtections.RegularFiles = value, 0, 2));
        AddNumber(proc, "sys/fs/mount-max"u8, static () => MountNamespace.MostMounts);
        AddNumber(proc, "sys/user/max_mnt_namespaces"u8, static () => MountNamespace.MostNamespaces);
    }

    private static void AppendLine(ByteBuilder text, ReadOnlySpan<byte> line)
        => text.Append(line).Append((byte)'\n');

    private static void AddNumber(ProcFilesystem proc, ReadOnlySpan<byte> path, Func<long> read)
        => proc.AddFile(path, GeneratedMode.ReadOnly, new FixedNumber(read));

    private sealed class FixedNumber(Func<long> read) : FileContents
    {
        private readonly Func<long> _read = read;

        public override Errno Append(ByteBuilder text, ref TextCursor cursor)
        {
            text.Append(_read()).Append((byte)'\n');
            cursor.Finish();
            return Errno.None;
        }
    }
}
