namespace Cashew.Tool.Bench;

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Spectre.Console;

/// <summary>The results as a table: a row a measurement, a column a kernel, and the ratios.</summary>
internal sealed class BenchTable
{
    private const string Missing = "-";
    private const string WorseMark = " <";

    private readonly BenchResults _results;
    private readonly IReadOnlyList<BenchVariant> _baselines;
    private readonly BenchVariant? _subject;

    /// <param name="results">What to show.</param>
    /// <param name="subject">The variant to be judged by all others; null shows no ratios.</param>
    internal BenchTable(BenchResults results, BenchVariant? subject)
    {
        _results = results;
        _subject = subject;
        _baselines = subject == null ? [] : [.. results.Variants.Where(variant => variant != subject)];
    }

    internal void WritePlain(TextWriter output)
    {
        List<string[]> lines = [[.. Heads()]];
        foreach (BenchRow row in _results.Rows)
            lines.Add([row.Name, .. Values(row), .. Ratios(row).Select(PlainRatio)]);

        int[] widths = Enumerable.Range(0, lines[0].Length)
            .Select(column => lines.Max(line => line[column].Length)).ToArray();
        foreach (string[] line in lines)
        {
            IEnumerable<string> cells = line.Select((cell, at) => Pad(cell, at, widths[at]));
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }

    internal void WriteTo(IAnsiConsole console)
    {
        Table table = new() { Border = TableBorder.Simple };
        foreach (string head in Heads())
        {
            TableColumn column = new(Markup.Escape(head)) { NoWrap = true };
            table.AddColumn(table.Columns.Count == 0 ? column : column.RightAligned());
        }

        foreach (BenchRow row in _results.Rows)
        {
            string[] ratios = [.. Ratios(row).Select(ColoredRatio)];
            table.AddRow([row.Name, .. Values(row).Select(Markup.Escape), .. ratios]);
        }

        console.Write(table);
    }

    /// <summary>The ratio that a reader sees; null when a value is missing.</summary>
    internal static double? Ratio(BenchSamples baseline, BenchSamples subject) =>
        baseline.HasValue && subject.HasValue
            ? Math.Round(subject.Unit!.Ratio(baseline.Median, subject.Median), 2)
            : null;

    private IEnumerable<string> Heads() =>
    [
        "row",
        .. _results.Variants.Select(variant => variant.Title),
        .. _baselines.Select((_, at) => at == 0 ? "ratio" : $"ratio to {_baselines[at].Key}"),
    ];

    private IEnumerable<string> Values(BenchRow row)
    {
        BenchSamples[] all = [.. _results.Variants.Select(variant => _results[variant, row])];
        BenchSamples[] present = [.. all.Where(samples => samples.HasValue)];
        if (present.Length == 0)
            return all.Select(_ => Missing);

        (double factor, string unit) = present[0].Unit!.ScaleFor(present.Min(samples => samples.Median));
        return all.Select(samples => samples.HasValue ? Value(samples, factor, unit) : Missing);
    }

    private static string Value(BenchSamples samples, double factor, string unit)
    {
        string median = $"{BenchUnit.Digits(samples.Median / factor)} {unit}";
        string least = BenchUnit.Digits(samples.Least / factor);
        string most = BenchUnit.Digits(samples.Most / factor);
        return samples.Values.Count == 1 ? median : $"{median} ({least}..{most})";
    }

    private IEnumerable<double?> Ratios(BenchRow row) =>
        _baselines.Select(baseline => Ratio(_results[baseline, row], _results[_subject!, row]));

    private static string PlainRatio(double? ratio) => ratio switch
    {
        null => Missing,
        < 1 => BenchUnit.Digits(ratio.Value) + WorseMark,
        _ => BenchUnit.Digits(ratio.Value) + new string(' ', WorseMark.Length),
    };

    private static string ColoredRatio(double? ratio) => ratio switch
    {
        null => Missing,
        < 1 => $"[red]{BenchUnit.Digits(ratio.Value)}{WorseMark}[/]",
        _ => $"[green]{BenchUnit.Digits(ratio.Value)}{new string(' ', WorseMark.Length)}[/]",
    };

    private static string Pad(string cell, int column, int width) =>
        column == 0 ? cell.PadRight(width) : cell.PadLeft(width);
}
