using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace System.Diagnostics;

/// <summary>Checks of our own assumptions; gone from release builds.</summary>
public static class Debug
{
    [Conditional("DEBUG")]
    public static void Assert(
        [DoesNotReturnIf(false)] bool condition,
        [CallerArgumentExpression(nameof(condition))] string? message = null)
    {
        if (!condition)
        {
            Fail(message);
        }
    }

    [Conditional("DEBUG")]
    [DoesNotReturn]
    public static void Fail(string? message) => throw new InvalidOperationException(message);
}
