using System.Numerics;

namespace System;

public readonly struct SByte : IEquatable<sbyte>, IComparable<sbyte>, IUtf8SpanFormattable
{
    private readonly sbyte m_value;

    public const sbyte MinValue = -128;
    public const sbyte MaxValue = 127;

    public static sbyte Min(sbyte x, sbyte y) => Math.Min(x, y);

    public static sbyte Max(sbyte x, sbyte y) => Math.Max(x, y);

    public static sbyte Clamp(sbyte value, sbyte min, sbyte max) => Math.Clamp(value, min, max);

    public static sbyte Abs(sbyte value) => Math.Abs(value);

    public static int Sign(sbyte value) => Math.Sign(value);

    public static bool IsNegative(sbyte value) => value < 0;

    public static bool IsPow2(sbyte value) => value > 0 && (value & (value - 1)) == 0;

    public static sbyte PopCount(sbyte value) => (sbyte)BitOperations.PopCount((uint)(byte)value);

    public static sbyte LeadingZeroCount(sbyte value) =>
        (sbyte)(BitOperations.LeadingZeroCount((uint)(byte)value) - 24);

    public static sbyte TrailingZeroCount(sbyte value) =>
        (sbyte)BitOperations.TrailingZeroCount((uint)(byte)value | 0x100u);

    public static sbyte Log2(sbyte value) => (sbyte)BitOperations.Log2((uint)(byte)value);

    public bool Equals(sbyte other) => m_value == other;

    public override bool Equals(object? other) => other is sbyte value && value == m_value;

    public override int GetHashCode() => m_value;

    public int CompareTo(sbyte other) => m_value - other;

    public bool TryFormat(
        Span<byte> utf8Destination,
        out int bytesWritten,
        ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormat(m_value, (byte)m_value, utf8Destination, out bytesWritten, format);

    public override string ToString() => Number.ToString((long)m_value);
}
