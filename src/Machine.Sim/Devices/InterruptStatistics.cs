using System.Diagnostics.CodeAnalysis;

namespace Cashew.Machine;

/// <summary>How often interrupts came: nobody counts them here.</summary>
public static class InterruptStatistics
{
    public const int LineLimit = 64;

    public static long TimerCount => 0;

    public static long SpuriousCount => 0;

    public static bool TryGetLine(int number, [NotNullWhen(true)] out IrqLine? line)
    {
        line = null;
        return false;
    }
}
