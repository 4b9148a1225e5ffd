using System.Threading;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>So many lines a second that programs can make the kernel write, and no more: otherwise one of
/// them could push everything else out of the log.</summary>
public sealed class LogRate(int linesPerSecond)
{
    private readonly int _linesPerSecond = linesPerSecond;
    private long _second;
    private int _lines;

    /// <summary>Races between processors cost a line too many or too few.</summary>
    public bool MayWrite()
    {
        long second = Clock.Monotonic.Value / Nanoseconds.PerSecond;
        if (Volatile.Read(ref _second) != second)
        {
            Volatile.Write(ref _second, second);
            Volatile.Write(ref _lines, 0);
        }

        return Interlocked.Increment(ref _lines) <= _linesPerSecond;
    }
}
