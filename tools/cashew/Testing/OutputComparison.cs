namespace Cashew.Tool.Testing;

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

/// <summary>Says where two outputs part.</summary>
internal static class OutputComparison
{
    private const int LinesBefore = 2;
    private const int LinesShown = 8;

    /// <summary>The lines around the first difference; null when there is none.</summary>
    internal static string? Difference(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        if (expected.SequenceEqual(actual))
            return null;

        string[] wanted = Lines(expected);
        string[] got = Lines(actual);
        int at = 0;
        while (at < Math.Min(wanted.Length, got.Length) && wanted[at] == got[at])
            at++;
        IEnumerable<string> common = got.Take(at).TakeLast(LinesBefore).Select(line => $"    {line}");
        IEnumerable<string> missing = wanted.Skip(at).Take(LinesShown).Select(line => $"  - {line}");
        IEnumerable<string> instead = got.Skip(at).Take(LinesShown).Select(line => $"  + {line}");
        string where = $"line {at + 1} differs from what Linux printed (-)";
        return string.Join('\n', (IEnumerable<string>)[where, .. common, .. missing, .. instead]);
    }

    // With its end, so that a missing one is a difference, too; control characters can be seen.
    private static string[] Lines(ReadOnlySpan<byte> text) =>
        Visible(Encoding.Latin1.GetString(text)).Split('\n');

    private static string Visible(string text) =>
        string.Concat(text.Select(at => at is '\n' or >= ' ' and < '\u007f' ? $"{at}" : $"\\x{(int)at:x2}"));
}
