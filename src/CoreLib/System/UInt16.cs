using System.Numerics;

namespace System;

public readonly struct UInt16 : IEquatable<ushort>, IComparable<ushort>, IUtf8SpanFormattable
{
    private readonly ushort m_value;

    public const ushort MinValue = 0;
    public const ushort MaxValue = 65535;

    public static ushort Min(ushort x, ushort y) => Math.Min(x, y);

    public static ushort Max(ushort x, ushort y) => Math.Max(x, y);

    public static ushort Clamp(ushort value, ushort min, ushort max) => Math.Clamp(value, min, max);

    public static bool IsPow2(ushort value) => value != 0 && (value & (value - 1)) == 0;

    public static ushort PopCount(ushort value) => (ushort)BitOperations.PopCount((uint)(ushort)value);

    public static ushort LeadingZeroCount(ushort value) =>
        (ushort)(BitOperations.LeadingZeroCount((uint)(ushort)value) - 16);

    public static ushort TrailingZeroCount(ushort value) =>
        (ushort)BitOperations.TrailingZeroCount((uint)(ushort)value | 0x10000u);

    public static ushort Log2(ushort value) => (ushort)BitOperations.Log2((uint)(ushort)value);

    public bool Equals(ushort other) => m_value == other;

    public override bool Equals(object? other) => other is ushort value && value == m_value;

    public override int GetHashCode() => m_value;

    public int CompareTo(ushort other) => m_value - other;

    public bool TryFormat(
        Span<byte> utf8Destination,
        out int bytesWritten,
        ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormat(m_value, utf8Destination, out bytesWritten, format);

    public override string ToString() => Number.ToString((ulong)m_value);
}
