namespace Cashew.Tool.Testing;

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;

/// <summary>
/// Counts results and prints them: each failure with its reason, a line a part, and the sum at the end.
/// </summary>
internal sealed class TestReport
{
    private readonly TextWriter _output;
    private readonly bool _showsPassed;

    // Several machines may report at a time.
    private readonly Lock _gate = new();

    internal TestReport(TextWriter output, bool showsPassed)
    {
        _output = output;
        _showsPassed = showsPassed;
    }

    internal int Passed { get; private set; }

    internal int Failed { get; private set; }

    internal int Skipped { get; private set; }

    internal void Pass(string name)
    {
        lock (_gate)
        {
            Passed++;
            if (_showsPassed)
                _output.WriteLine($"ok    {name}");
        }
    }

    internal void Fail(string name, string why)
    {
        string[] lines = why.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lock (_gate)
        {
            Failed++;
            _output.WriteLine(lines.Length == 0 ? $"FAIL  {name}" : $"FAIL  {name}: {lines[0]}");
            foreach (string line in lines.Skip(1))
                _output.WriteLine($"      {line}");
        }
    }

    internal void Skip(string name, string why)
    {
        Skipped++;
        _output.WriteLine($"skip  {name}: {why}");
    }

    internal void Note(string message) => _output.WriteLine(message);

    /// <summary>Says how many results a part brought.</summary>
    internal void Part(string name, Action run)
    {
        (int passed, int failed) = (Passed, Failed);
        long start = Stopwatch.GetTimestamp();
        run();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        int total = Passed - passed + Failed - failed;
        _output.WriteLine($"{name} tests: {Passed - passed} of {total} passed in {seconds:0} s");
    }

    /// <summary>The closing line, alone on its line so that other programs find it.</summary>
    internal void Close()
    {
        string skipped = Skipped > 0 ? $", {Skipped} skipped" : "";
        _output.WriteLine($"{Passed} passed, {Failed} failed{skipped}");
    }

    /// <summary>
    /// True for every name when no patterns were given, otherwise for names that contain one.
    /// </summary>
    internal static bool Matches(string name, IReadOnlyList<string> patterns) =>
        patterns.Count == 0 || patterns.Any(pattern => name.Contains(pattern, StringComparison.Ordinal));
}
