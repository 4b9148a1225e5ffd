using System.Numerics;

namespace System;

public readonly struct Int32 : IEquatable<int>, IComparable<int>, IUtf8SpanFormattable
{
    private readonly int m_value;

    public const int MinValue = unchecked((int)0x8000_0000);
    public const int MaxValue = 0x7FFF_FFFF;

    public static int Min(int x, int y) => Math.Min(x, y);

    public static int Max(int x, int y) => Math.Max(x, y);

    public static int Clamp(int value, int min, int max) => Math.Clamp(value, min, max);

    public static int Abs(int value) => Math.Abs(value);

    public static int Sign(int value) => Math.Sign(value);

    public static bool IsNegative(int value) => value < 0;

    public static bool IsPow2(int value) => value > 0 && (value & (value - 1)) == 0;

    public static int PopCount(int value) => BitOperations.PopCount((uint)value);

    public static int LeadingZeroCount(int value) => BitOperations.LeadingZeroCount((uint)value);

    public static int TrailingZeroCount(int value) => BitOperations.TrailingZeroCount((uint)value);

    public static int Log2(int value) => BitOperations.Log2((uint)value);

    public static int RotateLeft(int value, int rotateAmount) =>
        (int)BitOperations.RotateLeft((uint)value, rotateAmount);

    public static int RotateRight(int value, int rotateAmount) =>
        (int)BitOperations.RotateRight((uint)value, rotateAmount);

    public bool Equals(int other) => m_value == other;

    public override bool Equals(object? other) => other is int value && value == m_value;

    public override int GetHashCode() => m_value;

    public int CompareTo(int other) => m_value < other ? -1 : m_value > other ? 1 : 0;

    public bool TryFormat(
        Span<byte> utf8Destination,
        out int bytesWritten,
        ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormat(m_value, (uint)m_value, utf8Destination, out bytesWritten, format);

    public override string ToString() => Number.ToString((long)m_value);
}
