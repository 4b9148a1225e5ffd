using System.Numerics;

namespace System;

public readonly struct Byte : IEquatable<byte>, IComparable<byte>, IUtf8SpanFormattable
{
    private readonly byte m_value;

    public const byte MinValue = 0;
    public const byte MaxValue = 255;

    public static byte Min(byte x, byte y) => Math.Min(x, y);

    public static byte Max(byte x, byte y) => Math.Max(x, y);

    public static byte Clamp(byte value, byte min, byte max) => Math.Clamp(value, min, max);

    public static bool IsPow2(byte value) => value != 0 && (value & (value - 1)) == 0;

    public static byte PopCount(byte value) => (byte)BitOperations.PopCount((uint)(byte)value);

    public static byte LeadingZeroCount(byte value) =>
        (byte)(BitOperations.LeadingZeroCount((uint)(byte)value) - 24);

    public static byte TrailingZeroCount(byte value) =>
        (byte)BitOperations.TrailingZeroCount((uint)(byte)value | 0x100u);

    public static byte Log2(byte value) => (byte)BitOperations.Log2((uint)(byte)value);

    public bool Equals(byte other) => m_value == other;

    public override bool Equals(object? other) => other is byte value && value == m_value;

    public override int GetHashCode() => m_value;

    public int CompareTo(byte other) => m_value - other;

    public bool TryFormat(
        Span<byte> utf8Destination,
        out int bytesWritten,
        ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormat(m_value, utf8Destination, out bytesWritten, format);

    public override string ToString() => Number.ToString((ulong)m_value);
}
