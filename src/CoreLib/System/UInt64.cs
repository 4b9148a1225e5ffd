using System.Numerics;

namespace System;

public readonly struct UInt64 : IEquatable<ulong>, IComparable<ulong>, IUtf8SpanFormattable
{
    private readonly ulong m_value;

    public const ulong MinValue = 0;
    public const ulong MaxValue = 0xFFFF_FFFF_FFFF_FFFF;

    public static ulong Min(ulong x, ulong y) => Math.Min(x, y);

    public static ulong Max(ulong x, ulong y) => Math.Max(x, y);

    public static ulong Clamp(ulong value, ulong min, ulong max) => Math.Clamp(value, min, max);

    public static bool IsPow2(ulong value) => value != 0 && (value & (value - 1)) == 0;

    public static ulong PopCount(ulong value) => (ulong)BitOperations.PopCount((ulong)value);

    public static ulong LeadingZeroCount(ulong value) => (ulong)BitOperations.LeadingZeroCount((ulong)value);

    public static ulong TrailingZeroCount(ulong value) =>
        (ulong)BitOperations.TrailingZeroCount((ulong)value);

    public static ulong Log2(ulong value) => (ulong)BitOperations.Log2((ulong)value);

    public static ulong RotateLeft(ulong value, int rotateAmount) =>
        (ulong)BitOperations.RotateLeft((ulong)value, rotateAmount);

    public static ulong RotateRight(ulong value, int rotateAmount) =>
        (ulong)BitOperations.RotateRight((ulong)value, rotateAmount);

    public bool Equals(ulong other) => m_value == other;

    public override bool Equals(object? other) => other is ulong value && value == m_value;

    public override int GetHashCode() => unchecked((int)m_value ^ (int)(m_value >> 32));

    public int CompareTo(ulong other) => m_value < other ? -1 : m_value > other ? 1 : 0;

    public bool TryFormat(
        Span<byte> utf8Destination,
        out int bytesWritten,
        ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormat(m_value, utf8Destination, out bytesWritten, format);

    public override string ToString() => Number.ToString(m_value);
}
