namespace System;

public readonly struct SByte : IEquatable<sbyte>, IComparable<sbyte>
{
    private readonly sbyte m_value;

    public const sbyte MinValue = -128;
    public const sbyte MaxValue = 127;

    public bool Equals(sbyte other) => m_value == other;

    public override bool Equals(object? other) => other is sbyte value && value == m_value;

    public override int GetHashCode() => unchecked(m_value);

    public int CompareTo(sbyte other) => m_value < other ? -1 : m_value > other ? 1 : 0;
}
