using System;
using Cashew.Files;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>What interrupts the processors.</summary>
internal static class InterruptTexts
{
    private const int LabelColumns = 3;
    private const int CountColumns = 10;

    /// <summary>A line for each input of the interrupt controllers that is in use, and for those of the
    /// processor itself.</summary>
    /// <source>proc_interrupts(5).</source>
    internal static void Append(ByteBuilder text)
    {
        // Devices interrupt the first processor only, and so far there is no other.
        text.Append("           CPU0       \n"u8);
        for (int number = 0; number < InterruptStatistics.LineLimit; number++)
        {
            if (!InterruptStatistics.TryGetLine(number, out IrqLine? line)) continue;
            text.Append((long)number, LabelColumns).Append(": "u8).Append(line.Count, CountColumns);
            text.Append("   IO-APIC "u8).Append((long)line.Pin, LabelColumns);
            text.Append(line.IsLevelTriggered ? "-fasteoi   "u8 : "-edge      "u8);
            text.Append(line.DeviceName).Append((byte)'\n');
        }

        Own(text, "LOC"u8, InterruptStatistics.TimerCount, "   Local timer interrupts\n"u8);
        Own(text, "SPU"u8, InterruptStatistics.SpuriousCount, "   Spurious interrupts\n"u8);
    }

    /// <summary>Work that interrupts leave for later: there is none, threads do it.</summary>
    /// <source>proc_softirqs(5).</source>
    internal static void AppendSoft(ByteBuilder text)
    {
        const int labelColumns = 12;
        text.Append("                    CPU0       \n"u8);
        ReadOnlySpan<byte> names = "HI TIMER NET_TX NET_RX BLOCK IRQ_POLL TASKLET SCHED HRTIMER RCU"u8;
        while (!names.IsEmpty)
        {
            int end = names.IndexOf((byte)' ');
            ReadOnlySpan<byte> name = end < 0 ? names : names[..end];
            names = end < 0 ? default : names[(end + 1)..];
            text.Pad(labelColumns - name.Length, (byte)' ').Append(name).Append((byte)':');
            text.Append(0, CountColumns + 1).Append((byte)'\n');
        }
    }

    /// <summary>The line of /proc/stat: all there were, then those of each input.</summary>
    /// <source>proc_stat(5).</source>
    internal static void AppendTotals(ByteBuilder text)
    {
        ByteBuilder each = new();
        long total = InterruptStatistics.TimerCount + InterruptStatistics.SpuriousCount;
        for (int number = 0; number < InterruptStatistics.LineLimit; number++)
        {
            long count = InterruptStatistics.TryGetLine(number, out IrqLine? line) ? line.Count : 0;
            total += count;
            each.Append((byte)' ').Append(count);
        }

        text.Append("intr "u8).Append(total).Append(each.Written).Append((byte)'\n');
    }

    private static void Own(ByteBuilder text, ReadOnlySpan<byte> label, long count, ReadOnlySpan<byte> description) =>
        text.Append(label).Append(": "u8).Append(count, CountColumns).Append(description);
}
