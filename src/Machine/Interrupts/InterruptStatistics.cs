using System.Diagnostics.CodeAnalysis;

namespace Cashew.Machine;

/// <summary>How often interrupts came, for /proc/interrupts.</summary>
public static class InterruptStatistics
{
    /// <summary>Global system interrupts have numbers below this.</summary>
    public const int LineLimit = 64;

    // Entries are written once, when their line is opened.
    private static readonly IrqLine?[] s_lines = new IrqLine?[LineLimit];

    /// <summary>Alarms of the processors' own timers.</summary>
    public static long TimerCount => Interrupts.CountOf(Interrupts.TimerVector);

    public static long SpuriousCount => Interrupts.CountOf(Interrupts.SpuriousVector);

    /// <summary>The line with a number, if a driver uses it.</summary>
    public static bool TryGetLine(int number, [NotNullWhen(true)] out IrqLine? line)
    {
        line = s_lines[number];
        return line is not null;
    }

    internal static void Note(int number, IrqLine line)
    {
        if (number < LineLimit) s_lines[number] = line;
    }
}
