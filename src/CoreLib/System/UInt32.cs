using System.Numerics;

namespace System;

public readonly struct UInt32 : IEquatable<uint>, IComparable<uint>, IUtf8SpanFormattable
{
    private readonly uint m_value;

    public const uint MinValue = 0;
    public const uint MaxValue = 0xFFFF_FFFF;

    public static uint Min(uint x, uint y) => Math.Min(x, y);

    public static uint Max(uint x, uint y) => Math.Max(x, y);

    public static uint Clamp(uint value, uint min, uint max) => Math.Clamp(value, min, max);

    public static bool IsPow2(uint value) => value != 0 && (value & (value - 1)) == 0;

    public static uint PopCount(uint value) => (uint)BitOperations.PopCount((uint)value);

    public static uint LeadingZeroCount(uint value) => (uint)BitOperations.LeadingZeroCount((uint)value);

    public static uint TrailingZeroCount(uint value) => (uint)BitOperations.TrailingZeroCount((uint)value);

    public static uint Log2(uint value) => (uint)BitOperations.Log2((uint)value);

    public static uint RotateLeft(uint value, int rotateAmount) =>
        (uint)BitOperations.RotateLeft((uint)value, rotateAmount);

    public static uint RotateRight(uint value, int rotateAmount) =>
        (uint)BitOperations.RotateRight((uint)value, rotateAmount);

    public bool Equals(uint other) => m_value == other;

    public override bool Equals(object? other) => other is uint value && value == m_value;

    public override int GetHashCode() => unchecked((int)m_value);

    public int CompareTo(uint other) => m_value < other ? -1 : m_value > other ? 1 : 0;

    public bool TryFormat(
        Span<byte> utf8Destination,
        out int bytesWritten,
        ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormat(m_value, utf8Destination, out bytesWritten, format);

    public override string ToString() => Number.ToString((ulong)m_value);
}
