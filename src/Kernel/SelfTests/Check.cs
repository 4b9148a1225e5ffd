using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Cashew.Kernel.SelfTests;

/// <summary>
/// What a test expects. The first failure is kept; the test goes on. Tests run one after another.
/// </summary>
internal static class Check
{
    internal static string? Failure { get; private set; }

    /// <summary>Something measured, printed behind the verdict.</summary>
    internal static string? Note { get; private set; }

    internal static void Reset()
    {
        Failure = null;
        Note = null;
    }

    internal static void Report(string note) => Note = note;

    internal static void That(
        bool condition,
        [CallerArgumentExpression(nameof(condition))] string what = "",
        [CallerLineNumber] int line = 0)
    {
        if (!condition)
        {
            Fail(what, line);
        }
    }

    internal static void Equal<T>(
        T expected,
        T actual,
        [CallerArgumentExpression(nameof(actual))] string what = "",
        [CallerLineNumber] int line = 0)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            Fail(what + " is " + (actual?.ToString() ?? "null") + ", not "
                + (expected?.ToString() ?? "null"), line);
        }
    }

    private static void Fail(string what, int line) => Failure ??= what + " (line " + line.ToString() + ")";
}
