namespace Cashew.Tool.Bench;

using System.Collections.Generic;
using System.Linq;

/// <summary>All that was measured, and what is to be said about it.</summary>
internal sealed class BenchResults
{
    private readonly Dictionary<(BenchVariant, BenchRow), BenchSamples> _samples = [];
    private readonly List<string> _remarks = [];

    internal BenchResults(IReadOnlyList<BenchVariant> variants, IReadOnlyList<BenchRow> rows)
    {
        Variants = variants;
        Rows = rows;
        foreach (BenchVariant variant in variants)
        {
            foreach (BenchRow row in rows)
                _samples.Add((variant, row), new BenchSamples());
        }
    }

    internal IReadOnlyList<BenchVariant> Variants { get; }

    internal IReadOnlyList<BenchRow> Rows { get; }

    internal BenchSamples this[BenchVariant variant, BenchRow row] => _samples[(variant, row)];

    internal bool IsEmpty => _samples.Values.All(samples => !samples.HasValue);

    internal void Remark(string remark)
    {
        if (!_remarks.Contains(remark))
            _remarks.Add(remark);
    }

    /// <summary>What stands below the table: the reason for every value that is missing.</summary>
    internal IEnumerable<string> Remarks()
    {
        foreach (BenchVariant variant in Variants)
        {
            // Rows that failed alike share a line: a kernel that does not boot fails them all.
            IEnumerable<IGrouping<string, BenchRow>> reasons = Rows
                .Where(row => this[variant, row].Failures.Count > 0)
                .GroupBy(row => Explain(this[variant, row]));
            foreach (IGrouping<string, BenchRow> reason in reasons)
            {
                string rows = string.Join(", ", reason.Select(row => row.Name));
                yield return $"{variant.Title}: {rows}: {reason.Key}";
            }
        }

        foreach (string remark in _remarks)
            yield return remark;
    }

    private static string Explain(BenchSamples samples)
    {
        string reasons = string.Join("; ", samples.Failures.Distinct());
        int tries = samples.Values.Count + samples.Failures.Count;
        return tries == 1 ? reasons : $"{reasons} ({samples.Failures.Count} of {tries} tries)";
    }
}
