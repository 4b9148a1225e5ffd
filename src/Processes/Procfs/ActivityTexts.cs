using System;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>How busy the machine is.</summary>
internal static class ActivityTexts
{
    private const long Hundred = 100;
    private const long CentisecondNs = Nanoseconds.PerSecond / Hundred;

    /// <source>proc_loadavg(5): three averages, runnable and all threads, the last pid.</source>
    internal static void AppendLoad(ByteBuilder text)
    {
        LoadAverage.Update();
        AppendAverage(text, LoadAverage.OneMinute);
        AppendAverage(text, LoadAverage.FiveMinutes);
        AppendAverage(text, LoadAverage.FifteenMinutes);
        text.Append((long)Scheduler.RunnableCount).Append((byte)'/');
        text.Append((long)PidTable.CountThreads(out _)).Append((byte)' ');
        text.Append((long)PidTable.Last).Append((byte)'\n');
    }

    /// <source>proc_uptime(5): seconds since boot, and seconds that processors were idle, added up.</source>
    internal static void AppendUptime(ByteBuilder text)
    {
        Nanoseconds idle = Nanoseconds.Zero;
        for (int cpu = 0; cpu < Cpu.Count; cpu++) idle += Scheduler.IdleTimeOf(cpu);
        AppendSeconds(text, Clock.Monotonic);
        text.Append((byte)' ');
        AppendSeconds(text, idle);
        text.Append((byte)'\n');
    }

    /// <source>proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal, guest, guest_nice in
    /// ticks of 10 ms.</source>
    /// <deviation>There is no line of softirqs, which this kernel has not. Time of threads with a nice value
    /// counts as user, time in interrupts as that of whom they interrupted.</deviation>
    internal static void AppendStatistics(ByteBuilder text)
    {
        Nanoseconds user = Nanoseconds.Zero;
        Nanoseconds system = Nanoseconds.Zero;
        Nanoseconds idle = Nanoseconds.Zero;
        ByteBuilder lines = new();
        for (int cpu = 0; cpu < Cpu.Count; cpu++)
        {
            ProcessorTimes.Split split = ProcessorTimes.Of(cpu);
            lines.Append("cpu"u8).Append((long)cpu);
            AppendTimes(lines, split.User, split.System, split.Idle);
            user += split.User;
            system += split.System;
            idle += split.Idle;
        }

        text.Append("cpu "u8);
        AppendTimes(text, user, system, idle);
        text.Append(lines.Written);
        _ = PidTable.CountThreads(out int blockedCount);
        InterruptTexts.AppendTotals(text);
        text.Append("ctxt "u8).Append(Scheduler.SwitchCount);
        text.Append("\nbtime "u8).Append(Clock.RealtimeOffset.Value / Nanoseconds.PerSecond);
        text.Append("\nprocesses "u8).Append(PidTable.CreatedCount);
        text.Append("\nprocs_running "u8).Append((long)Scheduler.RunnableCount);
        text.Append("\nprocs_blocked "u8).Append((long)blockedCount).Append((byte)'\n');
    }

    private static void AppendTimes(ByteBuilder text, Nanoseconds user, Nanoseconds system, Nanoseconds idle)
    {
        text.Append((byte)' ').Append(ClockTicks.Of(user)).Append(" 0 "u8).Append(ClockTicks.Of(system));
        text.Append((byte)' ').Append(ClockTicks.Of(idle)).Append(" 0 0 0 0 0 0\n"u8);
    }

    private static void AppendAverage(ByteBuilder text, long average)
    {
        // Rounded to hundredths.
        const long half = (1L << LoadAverage.FractionBits) / (2 * Hundred);
        long rounded = average + half;
        long fraction = rounded & ((1L << LoadAverage.FractionBits) - 1);
        text.Append(rounded >> LoadAverage.FractionBits).Append((byte)'.');
        text.AppendPadded((ulong)(fraction * Hundred >> LoadAverage.FractionBits), 2).Append((byte)' ');
    }

    private static void AppendSeconds(ByteBuilder text, Nanoseconds time)
    {
        (long seconds, long rest) = Math.DivRem(time.Value, Nanoseconds.PerSecond);
        text.Append(seconds).Append((byte)'.').AppendPadded((ulong)(rest / CentisecondNs), 2);
    }
}
