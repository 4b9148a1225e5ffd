namespace System;

public readonly struct Byte : IEquatable<byte>, IComparable<byte>
{
    private readonly byte m_value;

    public const byte MinValue = 0;
    public const byte MaxValue = 255;

    public bool Equals(byte other) => m_value == other;

    public override bool Equals(object? other) => other is byte value && value == m_value;

    public override int GetHashCode() => unchecked(m_value);

    public int CompareTo(byte other) => m_value < other ? -1 : m_value > other ? 1 : 0;
}
