namespace Cashew.Tool.Support;

using System;
using System.Collections.Generic;
using System.Linq;

/// <summary>The names of packages as a user gives them.</summary>
internal static class PackageNames
{
    private const int LongestReadable = 60;
    private const int HashDigits = 12;

    /// <summary>Reads names with commas or blanks between them; in order, and each once.</summary>
    internal static IReadOnlyList<string> Split(IEnumerable<string> lists) => lists
        .SelectMany(list => list.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
        .Distinct().Order(StringComparer.Ordinal).ToArray();

    /// <summary>A file's name for a set of packages: readable when that is short.</summary>
    internal static string FileName(IReadOnlyList<string> names)
    {
        string all = string.Join('+', names);
        if (all.Length <= LongestReadable)
            return all;
        using Fingerprint hash = new Fingerprint().Texts(names);
        return hash.ToString()[..HashDigits];
    }
}
