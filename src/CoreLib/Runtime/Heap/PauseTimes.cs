using System;

namespace Cashew.Runtime;

/// <summary>
/// How long collections held the kernel up, in nanoseconds: the last 256 of them, and the longest of all.
/// </summary>
internal unsafe struct PauseTimes
{
    private const int Capacity = 256;

    private fixed long _recent[Capacity];
    private fixed long _sorted[Capacity];

    internal long Count;
    internal long Last;
    internal long Longest;

    internal void Add(long nanoseconds)
    {
        _recent[Count % Capacity] = nanoseconds;
        Count++;
        Last = nanoseconds;
        Longest = Math.Max(Longest, nanoseconds);
    }

    /// <summary>The pause that so many percent of the recent ones did not exceed.</summary>
    internal long Percentile(int percent)
    {
        int count = (int)Math.Min(Count, Capacity);
        if (count == 0)
        {
            return 0;
        }

        fixed (long* recent = _recent, sorted = _sorted)
        {
            Span<long> ordered = new(sorted, count);
            new Span<long>(recent, count).CopyTo(ordered);
            ordered.Sort();
            return ordered[(count - 1) * percent / 100];
        }
    }
}
