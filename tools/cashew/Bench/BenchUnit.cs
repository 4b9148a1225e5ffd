namespace Cashew.Tool.Bench;

using System;
using System.Globalization;

/// <summary>The units that rows come in: how they are written, and which way is better.</summary>
internal sealed class BenchUnit
{
    internal static readonly BenchUnit Nanoseconds = new("ns", false, [(1, "ns"), (1e3, "us"), (1e6, "ms")]);
    internal static readonly BenchUnit Bandwidth = new("MB/s", true, [(1, "MB/s")]);
    internal static readonly BenchUnit Memory = new("KiB", false, [(1, "KiB"), (1024, "MiB")]);

    private static readonly BenchUnit[] s_all = [Nanoseconds, Bandwidth, Memory];

    // From this many of the larger unit on, values are written in it.
    private const double Enough = 10;

    private readonly bool _moreIsBetter;
    private readonly (double Factor, string Name)[] _scales;

    private BenchUnit(string name, bool moreIsBetter, (double Factor, string Name)[] scales)
    {
        Name = name;
        _moreIsBetter = moreIsBetter;
        _scales = scales;
    }

    /// <summary>As the guest writes it.</summary>
    internal string Name { get; }

    internal static BenchUnit? Find(string name) => Array.Find(s_all, unit => unit.Name == name);

    /// <summary>How many times better than the baseline: above 1 whichever way the unit goes.</summary>
    internal double Ratio(double baseline, double subject) =>
        _moreIsBetter ? subject / baseline : baseline / subject;

    /// <summary>The scale for a row, so that all its values are written alike.</summary>
    internal (double Factor, string Name) ScaleFor(double smallest)
    {
        int at = _scales.Length - 1;
        while (at > 0 && smallest < Enough * _scales[at].Factor)
            at--;
        return _scales[at];
    }

    /// <summary>Three significant digits; more only before the point.</summary>
    internal static string Digits(double value)
    {
        string format = Math.Abs(value) switch
        {
            < 9.995 => "0.00",
            < 99.95 => "0.0",
            _ => "0",
        };
        return value.ToString(format, CultureInfo.InvariantCulture);
    }
}
