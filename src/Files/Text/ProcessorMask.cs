using Cashew.Machine;

namespace Cashew.Files;

/// <summary>Sets of processors in texts.</summary>
public static class ProcessorMask
{
    internal const int MaxCount = 64;

    public static ulong Existing => Cpu.Count >= MaxCount ? ulong.MaxValue : (1UL << Cpu.Count) - 1;

    /// <summary>Ranges, as "0-2,5".</summary>
    /// <source>cpuset(7), "List format".</source>
    public static void AppendList(ByteBuilder text, ulong mask)
    {
        bool isFirst = true;
        for (int cpu = 0; cpu < MaxCount; cpu++)
        {
            if (!Has(mask, cpu)) continue;
            int last = cpu;
            while (Has(mask, last + 1)) last++;
            if (!isFirst) text.Append((byte)',');
            isFirst = false;
            text.Append((long)cpu);
            if (last > cpu) text.Append((byte)'-').Append((long)last);
            cpu = last;
        }
    }

    private static bool Has(ulong mask, int cpu) => cpu < MaxCount && (mask >> cpu & 1) != 0;
}
