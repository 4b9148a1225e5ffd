using System.Numerics;

namespace System;

public readonly unsafe struct IntPtr : IEquatable<nint>, IComparable<nint>, IUtf8SpanFormattable
{
    private readonly void* _value;

    public static readonly nint Zero;

    public static int Size => 8;

    public static nint MinValue => unchecked((nint)long.MinValue);
    public static nint MaxValue => unchecked((nint)long.MaxValue);

    public static nint Min(nint x, nint y) => Math.Min(x, y);

    public static nint Max(nint x, nint y) => Math.Max(x, y);

    public static nint Clamp(nint value, nint min, nint max) => Math.Clamp(value, min, max);

    public static nint Abs(nint value) => Math.Abs(value);

    public static int Sign(nint value) => Math.Sign(value);

    public static bool IsNegative(nint value) => value < 0;

    public static bool IsPow2(nint value) => value > 0 && (value & (value - 1)) == 0;

    public static nint PopCount(nint value) => (nint)BitOperations.PopCount((ulong)value);

    public static nint LeadingZeroCount(nint value) => (nint)BitOperations.LeadingZeroCount((ulong)value);

    public static nint TrailingZeroCount(nint value) => (nint)BitOperations.TrailingZeroCount((ulong)value);

    public static nint Log2(nint value) => (nint)BitOperations.Log2((ulong)value);

    public static nint RotateLeft(nint value, int rotateAmount) =>
        (nint)BitOperations.RotateLeft((ulong)value, rotateAmount);

    public static nint RotateRight(nint value, int rotateAmount) =>
        (nint)BitOperations.RotateRight((ulong)value, rotateAmount);

    public bool Equals(nint other) => (nint)_value == other;

    public override bool Equals(object? other) => other is nint value && value == (nint)_value;

    public override int GetHashCode() => ((long)(nint)_value).GetHashCode();

    public int CompareTo(nint other) => (nint)_value < other ? -1 : (nint)_value > other ? 1 : 0;

    public bool TryFormat(
        Span<byte> utf8Destination,
        out int bytesWritten,
        ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormat((long)(nint)_value, (ulong)(nint)_value, utf8Destination, out bytesWritten, format);

    public override string ToString() => Number.ToString((long)(nint)_value);
}
