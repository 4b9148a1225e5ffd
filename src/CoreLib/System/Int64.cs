using System.Numerics;

namespace System;

public readonly struct Int64 : IEquatable<long>, IComparable<long>, IUtf8SpanFormattable
{
    private readonly long m_value;

    public const long MinValue = unchecked((long)0x8000_0000_0000_0000);
    public const long MaxValue = 0x7FFF_FFFF_FFFF_FFFF;

    public static long Min(long x, long y) => Math.Min(x, y);

    public static long Max(long x, long y) => Math.Max(x, y);

    public static long Clamp(long value, long min, long max) => Math.Clamp(value, min, max);

    public static long Abs(long value) => Math.Abs(value);

    public static int Sign(long value) => Math.Sign(value);

    public static bool IsNegative(long value) => value < 0;

    public static bool IsPow2(long value) => value > 0 && (value & (value - 1)) == 0;

    public static long PopCount(long value) => (long)BitOperations.PopCount((ulong)value);

    public static long LeadingZeroCount(long value) => (long)BitOperations.LeadingZeroCount((ulong)value);

    public static long TrailingZeroCount(long value) => (long)BitOperations.TrailingZeroCount((ulong)value);

    public static long Log2(long value) => (long)BitOperations.Log2((ulong)value);

    public static long RotateLeft(long value, int rotateAmount) =>
        (long)BitOperations.RotateLeft((ulong)value, rotateAmount);

    public static long RotateRight(long value, int rotateAmount) =>
        (long)BitOperations.RotateRight((ulong)value, rotateAmount);

    public bool Equals(long other) => m_value == other;

    public override bool Equals(object? other) => other is long value && value == m_value;

    public override int GetHashCode() => unchecked((int)m_value ^ (int)(m_value >> 32));

    public int CompareTo(long other) => m_value < other ? -1 : m_value > other ? 1 : 0;

    public bool TryFormat(
        Span<byte> utf8Destination,
        out int bytesWritten,
        ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormat(m_value, (ulong)m_value, utf8Destination, out bytesWritten, format);

    public override string ToString() => Number.ToString(m_value);
}
