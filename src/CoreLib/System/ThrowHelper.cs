using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>Throws from a method of its own, which keeps the callers small enough to be inlined.</summary>
internal static class ThrowHelper
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void IfNegative(int value)
    {
        if (value < 0)
        {
            ArgumentOutOfRange();
        }
    }

    [DoesNotReturn]
    internal static void Argument(string message) => throw new ArgumentException(message);

    [DoesNotReturn]
    internal static void ArgumentOutOfRange() => throw new ArgumentOutOfRangeException();

    [DoesNotReturn]
    internal static void IndexOutOfRange() => throw new IndexOutOfRangeException();

    [DoesNotReturn]
    internal static void InvalidOperation(string message) => throw new InvalidOperationException(message);

    [DoesNotReturn]
    internal static void KeyNotFound() => throw new KeyNotFoundException("no such key");

    [DoesNotReturn]
    internal static void DuplicateKey() => throw new ArgumentException("the key is there already");

    [DoesNotReturn]
    internal static void Empty() => throw new InvalidOperationException("the collection is empty");

    [DoesNotReturn]
    internal static void ChangedWhileEnumerated() =>
        throw new InvalidOperationException("the collection changed while it was enumerated");

    [DoesNotReturn]
    internal static void Format() => throw new FormatException("unknown format");

    [DoesNotReturn]
    internal static void Overflow() => throw new OverflowException();
}
