namespace Cashew.Tool.Bench;

using System.Collections.Generic;
using System.Linq;

/// <summary>What the boots of one variant gave for one row.</summary>
internal sealed class BenchSamples
{
    private readonly List<double> _values = [];
    private readonly List<string> _failures = [];

    internal IReadOnlyList<double> Values => _values;

    /// <summary>Why values are missing, one for each boot that failed.</summary>
    internal IReadOnlyList<string> Failures => _failures;

    internal BenchUnit? Unit { get; private set; }

    internal bool HasValue => _values.Count > 0;

    internal double Least => _values.Min();

    internal double Most => _values.Max();

    internal double Median
    {
        get
        {
            double[] sorted = [.. _values.Order()];
            int middle = sorted.Length / 2;
            return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    internal void Add(double value, BenchUnit unit)
    {
        _values.Add(value);
        Unit = unit;
    }

    internal void Fail(string why) => _failures.Add(why);
}
