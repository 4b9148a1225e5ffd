using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>The files of the controller that counts and limits memory: frames of programs, of files and of
/// pipes.</summary>
/// <source>Linux's description of control group v2, "Memory".</source>
/// <deviation>The kernel's own objects, page tables and stacks are not charged. Nothing is slowed down above
/// memory.high.
/// </deviation>
internal static class CgroupMemoryTexts
{
    private const int PageBytes = UserAddress.PageSizeBytes;

    internal static Errno AppendCurrent(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        text.Append(FrameCharges.Frames(group.Account) * PageBytes).Append((byte)'\n');
        return Errno.None;
    }

    internal static Errno AppendPeak(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        text.Append(FrameCharges.Peak(group.Account) * PageBytes).Append((byte)'\n');
        return Errno.None;
    }

    internal static Errno AppendMax(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        CgroupNumbers.AppendLimit(text, group.Memory.Max);
        return Errno.None;
    }

    /// <summary>With more in use already, processes end until there is not, or none is left.</summary>
    internal static Errno StoreMax(Cgroup group, in FileCaller opener, ReadOnlySpan<byte> text)
    {
        Errno error = CgroupNumbers.ParseBytes(text, out long bytes);
        if (error != Errno.None) return error;
        using (SpinLock.Guard guard = ProcessTree.Lock.Acquire())
        {
            if (group.Account == 0) return Errno.ENODEV;
            group.Memory.Max = bytes;
            FrameCharges.SetLimit(group.Account, bytes == Cgroup.NoLimit ? long.MaxValue : bytes / PageBytes);
        }

        OutOfMemory.Enforce(group);
        return Errno.None;
    }

    internal static Errno AppendGroupEnd(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        text.Append(group.Memory.EndsAsGroup ? "1\n"u8 : "0\n"u8);
        return Errno.None;
    }

    /// <errors>EINVAL: neither 0 nor 1.</errors>
    internal static Errno StoreGroupEnd(Cgroup group, in FileCaller opener, ReadOnlySpan<byte> text)
    {
        if (!StoredNumber.TryParse(text, 0, 1, out long value)) return Errno.EINVAL;
        group.Memory.EndsAsGroup = value != 0;
        return Errno.None;
    }

    internal static Errno AppendEvents(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        CgroupNumbers.AppendLine(text, "low"u8, 0);
        CgroupNumbers.AppendLine(text, "high"u8, 0);
        CgroupNumbers.AppendLine(text, "max"u8, FrameCharges.Refusals(group.Account));
        CgroupNumbers.AppendLine(text, "oom"u8, group.Memory.OutOfMemoryCount);
        CgroupNumbers.AppendLine(text, "oom_kill"u8, group.Memory.KillCount);
        CgroupNumbers.AppendLine(text, "oom_group_kill"u8, group.Memory.GroupKillCount);
        return Errno.None;
    }

    internal static Errno AppendSwapEvents(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        CgroupNumbers.AppendLine(text, "high"u8, 0);
        CgroupNumbers.AppendLine(text, "max"u8, 0);
        CgroupNumbers.AppendLine(text, "fail"u8, 0);
        return Errno.None;
    }

    internal static Errno AppendZero(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        text.Append("0\n"u8);
        return Errno.None;
    }

    /// <summary>What is resident in its programs is "anon"; what else is charged are pages of
    /// files.</summary>
    internal static Errno AppendStat(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        ReadPages(group, out long anonymous, out long faults, out long majorFaults);
        long charged = group.IsRoot ? anonymous : FrameCharges.Frames(group.Account);
        anonymous = long.Min(anonymous, charged);
        CgroupNumbers.AppendLine(text, "anon"u8, anonymous * PageBytes);
        CgroupNumbers.AppendLine(text, "file"u8, (charged - anonymous) * PageBytes);
        CgroupNumbers.AppendLine(text, "kernel"u8, 0);
        CgroupNumbers.AppendLine(text, "shmem"u8, (charged - anonymous) * PageBytes);
        CgroupNumbers.AppendLine(text, "file_dirty"u8, 0);
        CgroupNumbers.AppendLine(text, "file_writeback"u8, 0);
        CgroupNumbers.AppendLine(text, "swapcached"u8, 0);
        CgroupNumbers.AppendLine(text, "pgfault"u8, faults);
        CgroupNumbers.AppendLine(text, "pgmajfault"u8, majorFaults);
        return Errno.None;
    }

    private static void ReadPages(Cgroup group, out long anonymous, out long faults, out long majorFaults)
    {
        anonymous = 0;
        using SpinLock.Guard guard = ProcessTree.Lock.Acquire();
        ResourceUsage usage = group.PastUsage;
        for (Pid? pid = PidTable.FindAtOrAfter(0); pid is not null; pid = PidTable.FindAtOrAfter(pid.Number + 1))
        {
            if (pid.Process is not { State: ProcessState.Live } process || !process.Cgroup.IsBelow(group)) continue;
            usage.Add(ProcessAccounting.OfProcess(process).Since(process.CgroupUsageStart));
            if (process.Memory is { } memory) anonymous += memory.Resident.Anonymous;
        }

        faults = usage.MinorFaults;
        majorFaults = usage.MajorFaults;
    }

    internal static Errno AppendHigh(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        CgroupNumbers.AppendLimit(text, group.Memory.High);
        return Errno.None;
    }

    internal static Errno StoreHigh(Cgroup group, in FileCaller opener, ReadOnlySpan<byte> text)
    {
        Errno error = CgroupNumbers.ParseBytes(text, out long bytes);
        if (error == Errno.None) group.Memory.High = bytes;
        return error;
    }

    internal static Errno AppendLow(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        CgroupNumbers.AppendLimit(text, group.Memory.Low);
        return Errno.None;
    }

    internal static Errno StoreLow(Cgroup group, in FileCaller opener, ReadOnlySpan<byte> text)
    {
        Errno error = CgroupNumbers.ParseBytes(text, out long bytes);
        if (error == Errno.None) group.Memory.Low = bytes;
        return error;
    }

    internal static Errno AppendMin(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        CgroupNumbers.AppendLimit(text, group.Memory.Min);
        return Errno.None;
    }

    internal static Errno StoreMin(Cgroup group, in FileCaller opener, ReadOnlySpan<byte> text)
    {
        Errno error = CgroupNumbers.ParseBytes(text, out long bytes);
        if (error == Errno.None) group.Memory.Min = bytes;
        return error;
    }

    internal static Errno AppendSwapHigh(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        CgroupNumbers.AppendLimit(text, group.Memory.SwapHigh);
        return Errno.None;
    }

    internal static Errno StoreSwapHigh(Cgroup group, in FileCaller opener, ReadOnlySpan<byte> text)
    {
        Errno error = CgroupNumbers.ParseBytes(text, out long bytes);
        if (error == Errno.None) group.Memory.SwapHigh = bytes;
        return error;
    }

    internal static Errno AppendSwapMax(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        CgroupNumbers.AppendLimit(text, group.Memory.SwapMax);
        return Errno.None;
    }

    internal static Errno StoreSwapMax(Cgroup group, in FileCaller opener, ReadOnlySpan<byte> text)
    {
        Errno error = CgroupNumbers.ParseBytes(text, out long bytes);
        if (error == Errno.None) group.Memory.SwapMax = bytes;
        return error;
    }
}
