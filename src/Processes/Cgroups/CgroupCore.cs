using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>The files that do not belong to a controller.</summary>
/// <source>Linux's description of control group v2, "Core Interface Files".</source>
internal static class CgroupCore
{
    private const long NanosecondsPerMicrosecond = 1000;

    internal static Errno AppendControllers(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        AppendNames(text, group.Controllers);
        return Errno.None;
    }

    internal static Errno AppendSubtree(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        AppendNames(text, group.Subtree);
        return Errno.None;
    }

    /// <errors>EINVAL: not words with a sign and the name of a controller each. The rest: see
    /// <see cref="Cgroups.SetSubtreeLocked"/>.</errors>
    internal static Errno StoreSubtree(Cgroup group, in FileCaller opener, ReadOnlySpan<byte> text)
    {
        CgroupControllers added = CgroupControllers.None;
        CgroupControllers removed = CgroupControllers.None;
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)' ');
            ReadOnlySpan<byte> word = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (word.IsEmpty) continue;
            if (!TryParse(word[1..], out CgroupControllers named)) return Errno.EINVAL;
            switch (word[0])
            {
                case (byte)'+':
                    added |= named;
                    removed &= ~named;
                    break;
                case (byte)'-':
                    removed |= named;
                    added &= ~named;
                    break;
                default:
                    return Errno.EINVAL;
            }
        }

        FrameCharges.Prepare();
        using SpinLock.Guard guard = ProcessTree.Lock.Acquire();
        return Cgroups.SetSubtreeLocked(group, added, removed);
    }

    internal static Errno AppendEvents(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        CgroupNumbers.AppendLine(text, "populated"u8, group.ProcessCount > 0 ? 1 : 0);
        CgroupNumbers.AppendLine(text, "frozen"u8, group.IsFrozen ? 1 : 0);
        return Errno.None;
    }

    /// <errors>EINVAL: no number. ERANGE: not 1.</errors>
    internal static Errno StoreKill(Cgroup group, in FileCaller opener, ReadOnlySpan<byte> text)
    {
        if (!StoredNumber.TryParse(text, int.MinValue, int.MaxValue, out long value)) return Errno.EINVAL;
        if (value != 1) return Errno.ERANGE;
        using SpinLock.Guard guard = ProcessTree.Lock.Acquire();
        _ = Cgroups.KillLocked(group); // none is no error
        return Errno.None;
    }

    internal static Errno AppendMaxDepth(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        CgroupNumbers.AppendLimit(text, group.MaxDepth);
        return Errno.None;
    }

    internal static Errno StoreMaxDepth(Cgroup group, in FileCaller opener, ReadOnlySpan<byte> text)
    {
        Errno error = CgroupNumbers.ParseLimit(text, out long limit);
        if (error == Errno.None) group.MaxDepth = limit;
        return error;
    }

    internal static Errno AppendMaxDescendants(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        CgroupNumbers.AppendLimit(text, group.MaxDescendants);
        return Errno.None;
    }

    internal static Errno StoreMaxDescendants(Cgroup group, in FileCaller opener, ReadOnlySpan<byte> text)
    {
        Errno error = CgroupNumbers.ParseLimit(text, out long limit);
        if (error == Errno.None) group.MaxDescendants = limit;
        return error;
    }

    // A group that has been removed is garbage at once: none is dying.
    internal static Errno AppendStat(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        CgroupNumbers.AppendLine(text, "nr_descendants"u8, group.DescendantCount);
        CgroupNumbers.AppendLine(text, "nr_dying_descendants"u8, 0);
        return Errno.None;
    }

    internal static Errno AppendType(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        text.Append("domain\n"u8);
        return Errno.None;
    }

    /// <errors>EINVAL: not "threaded", the one thing that can be written. EOPNOTSUPP: see
    /// <see cref="CgroupFiles"/>.</errors>
    internal static Errno StoreType(Cgroup group, in FileCaller opener, ReadOnlySpan<byte> text)
        => text.SequenceEqual("threaded"u8) ? Errno.EOPNOTSUPP : Errno.EINVAL;

    internal static Errno AppendTimes(Cgroup group, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        ReadTimes(group, out Nanoseconds user, out Nanoseconds system);
        long userMicroseconds = user.Value / NanosecondsPerMicrosecond;
        long systemMicroseconds = system.Value / NanosecondsPerMicrosecond;
        CgroupNumbers.AppendLine(text, "usage_usec"u8, userMicroseconds + systemMicroseconds);
        CgroupNumbers.AppendLine(text, "user_usec"u8, userMicroseconds);
        CgroupNumbers.AppendLine(text, "system_usec"u8, systemMicroseconds);
        return Errno.None;
    }

    private static void ReadTimes(Cgroup group, out Nanoseconds user, out Nanoseconds system)
    {
        user = default;
        system = default;
        if (group.IsRoot)
        {
            for (int cpu = 0; cpu < Cpu.Count; cpu++)
            {
                ProcessorTimes.Split split = ProcessorTimes.Of(cpu);
                user += split.User;
                system += split.System;
            }

            return;
        }

        using SpinLock.Guard guard = ProcessTree.Lock.Acquire();
        ResourceUsage usage = group.PastUsage;
        for (Pid? pid = PidTable.FindAtOrAfter(0); pid is not null; pid = PidTable.FindAtOrAfter(pid.Number + 1))
        {
            if (pid.Process is not { State: ProcessState.Live } process || !process.Cgroup.IsBelow(group)) continue;
            ResourceUsage now = ProcessAccounting.OfProcess(process);
            usage.Add(now.Since(process.CgroupUsageStart));
        }

        user = usage.UserTime;
        system = usage.SystemTime;
    }

    private static void AppendNames(ByteBuilder text, CgroupControllers controllers)
    {
        if ((controllers & CgroupControllers.Memory) != 0) text.Append("memory"u8);
        if (controllers == CgroupControllers.All) text.Append((byte)' ');
        if ((controllers & CgroupControllers.Pids) != 0) text.Append("pids"u8);
        text.Append((byte)'\n');
    }

    private static bool TryParse(ReadOnlySpan<byte> name, out CgroupControllers controller)
    {
        controller = name.SequenceEqual("memory"u8) ? CgroupControllers.Memory
            : name.SequenceEqual("pids"u8) ? CgroupControllers.Pids
            : CgroupControllers.None;
        return controller != CgroupControllers.None;
    }
}
