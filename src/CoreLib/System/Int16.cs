using System.Numerics;

namespace System;

public readonly struct Int16 : IEquatable<short>, IComparable<short>, IUtf8SpanFormattable
{
    private readonly short m_value;

    public const short MinValue = -32768;
    public const short MaxValue = 32767;

    public static short Min(short x, short y) => Math.Min(x, y);

    public static short Max(short x, short y) => Math.Max(x, y);

    public static short Clamp(short value, short min, short max) => Math.Clamp(value, min, max);

    public static short Abs(short value) => Math.Abs(value);

    public static int Sign(short value) => Math.Sign(value);

    public static bool IsNegative(short value) => value < 0;

    public static bool IsPow2(short value) => value > 0 && (value & (value - 1)) == 0;

    public static short PopCount(short value) => (short)BitOperations.PopCount((uint)(ushort)value);

    public static short LeadingZeroCount(short value) =>
        (short)(BitOperations.LeadingZeroCount((uint)(ushort)value) - 16);

    public static short TrailingZeroCount(short value) =>
        (short)BitOperations.TrailingZeroCount((uint)(ushort)value | 0x10000u);

    public static short Log2(short value) => (short)BitOperations.Log2((uint)(ushort)value);

    public bool Equals(short other) => m_value == other;

    public override bool Equals(object? other) => other is short value && value == m_value;

    public override int GetHashCode() => m_value;

    public int CompareTo(short other) => m_value - other;

    public bool TryFormat(
        Span<byte> utf8Destination,
        out int bytesWritten,
        ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormat(m_value, (ushort)m_value, utf8Destination, out bytesWritten, format);

    public override string ToString() => Number.ToString((long)m_value);
}
