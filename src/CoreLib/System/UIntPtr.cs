using System.Numerics;

namespace System;

public readonly unsafe struct UIntPtr : IEquatable<nuint>, IComparable<nuint>, IUtf8SpanFormattable
{
    private readonly void* _value;

    public static readonly nuint Zero;

    public static int Size => 8;

    public static nuint MinValue => unchecked((nuint)ulong.MinValue);
    public static nuint MaxValue => unchecked((nuint)ulong.MaxValue);

    public static nuint Min(nuint x, nuint y) => Math.Min(x, y);

    public static nuint Max(nuint x, nuint y) => Math.Max(x, y);

    public static nuint Clamp(nuint value, nuint min, nuint max) => Math.Clamp(value, min, max);

    public static bool IsPow2(nuint value) => value != 0 && (value & (value - 1)) == 0;

    public static nuint PopCount(nuint value) => (nuint)BitOperations.PopCount((ulong)value);

    public static nuint LeadingZeroCount(nuint value) => (nuint)BitOperations.LeadingZeroCount((ulong)value);

    public static nuint TrailingZeroCount(nuint value) =>
        (nuint)BitOperations.TrailingZeroCount((ulong)value);

    public static nuint Log2(nuint value) => (nuint)BitOperations.Log2((ulong)value);

    public static nuint RotateLeft(nuint value, int rotateAmount) =>
        (nuint)BitOperations.RotateLeft((ulong)value, rotateAmount);

    public static nuint RotateRight(nuint value, int rotateAmount) =>
        (nuint)BitOperations.RotateRight((ulong)value, rotateAmount);

    public bool Equals(nuint other) => (nuint)_value == other;

    public override bool Equals(object? other) => other is nuint value && value == (nuint)_value;

    public override int GetHashCode() => ((long)(nuint)_value).GetHashCode();

    public int CompareTo(nuint other) => (nuint)_value < other ? -1 : (nuint)_value > other ? 1 : 0;

    public bool TryFormat(
        Span<byte> utf8Destination,
        out int bytesWritten,
        ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormat((ulong)(nuint)_value, utf8Destination, out bytesWritten, format);

    public override string ToString() => Number.ToString((ulong)(nuint)_value);
}
