using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>How a thread competes, and what it has got.</summary>
internal static class SchedulingTexts
{
    private const int LabelColumns = 45;
    private const int ValueColumns = 21;
    private const int FractionDigits = 6;

    // Of nice value 0, and of the highest real-time priority but one.
    private const int NormalPriority = 120;
    private const int RealtimeBase = 99;

    private const int WeightScale = 1024;

    /// <source>proc(5), /proc/PID/sched; the names are those that readers look for.</source>
    /// <deviation>The averages and what concerns several memory nodes are missing: nothing here corresponds
    /// to them.
    /// </deviation>
    internal static Errno Append(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        if (subject.Thread is not { } thread) return Errno.ESRCH;
        CommandText.AppendName(text, subject.Name);
        text.Append(" ("u8).Append((long)subject.Id).Append(", #threads: "u8).Append(subject.Process.ThreadCount);
        text.Append(")\n"u8);
        Rule(text, 67);

        Scheduler.DescribeFair(thread, out long virtualTimeNs, out long weight);
        Milliseconds(text, "se.exec_start"u8, Clock.Monotonic.Value);
        Milliseconds(text, "se.vruntime"u8, virtualTimeNs);
        Milliseconds(text, "se.sum_exec_runtime"u8, thread.CpuTime.Value);
        Number(text, "se.nr_migrations"u8, 0);
        Number(text, "nr_switches"u8, thread.VoluntarySwitches + thread.InvoluntarySwitches);
        Number(text, "nr_voluntary_switches"u8, thread.VoluntarySwitches);
        Number(text, "nr_involuntary_switches"u8, thread.InvoluntarySwitches);
        Number(text, "se.load.weight"u8, weight * WeightScale);
        Number(text, "policy"u8, SchedulingRules.NumberOf(Scheduler.PolicyOf(thread)));
        int realtime = Scheduler.EffectivePriorityOf(thread);
        Number(text, "prio"u8, realtime > 0 ? RealtimeBase - realtime : NormalPriority + thread.Nice);
        return Errno.None;
    }

    /// <summary>Time on a processor, time in line for one, and turns.</summary>
    /// <source>proc(5), /proc/PID/schedstat.</source>
    internal static Errno AppendStatistics(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        cursor.Finish();
        if (subject.Thread is not { } thread)
        {
            text.Append("0 0 0\n"u8);
            return Errno.None;
        }

        Nanoseconds waited = Scheduler.WaitedTimeOf(thread, out long runs);
        text.Append(thread.CpuTime.Value).Append((byte)' ').Append(waited.Value).Append((byte)' ');
        text.Append(runs).Append((byte)'\n');
        return Errno.None;
    }

    private static void Rule(ByteBuilder text, int length) => text.Pad(length, (byte)'-').Append((byte)'\n');

    private static void Number(ByteBuilder text, ReadOnlySpan<byte> label, long value)
        => Label(text, label).Append(value, ValueColumns).Append((byte)'\n');

    private static void Milliseconds(ByteBuilder text, ReadOnlySpan<byte> label, long nanoseconds)
    {
        long whole = nanoseconds / Nanoseconds.PerMillisecond;
        long rest = Math.Abs(nanoseconds % Nanoseconds.PerMillisecond);
        Label(text, label).Append(whole, ValueColumns - FractionDigits - 1).Append((byte)'.');
        text.AppendPadded((ulong)rest, FractionDigits).Append((byte)'\n');
    }

    private static ByteBuilder Label(ByteBuilder text, ReadOnlySpan<byte> label)
        => text.Append(label).Pad(LabelColumns - label.Length, (byte)' ').Append((byte)':');
}
