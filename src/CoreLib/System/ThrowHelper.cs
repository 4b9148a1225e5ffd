using System.Diagnostics.CodeAnalysis;

namespace System;

/// <summary>Throws from a method of its own, which keeps the callers small enough to be inlined.</summary>
internal static class ThrowHelper
{
    [DoesNotReturn]
    internal static void ArgumentOutOfRange() => throw new ArgumentOutOfRangeException();

    [DoesNotReturn]
    internal static void IndexOutOfRange() => throw new IndexOutOfRangeException();

    [DoesNotReturn]
    internal static void InvalidOperation(string message) => throw new InvalidOperationException(message);
}
