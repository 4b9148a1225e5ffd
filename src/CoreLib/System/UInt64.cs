namespace System;

public readonly struct UInt64 : IEquatable<ulong>, IComparable<ulong>
{
    private readonly ulong m_value;

    public const ulong MinValue = 0;
    public const ulong MaxValue = 0xffffffffffffffff;

    public bool Equals(ulong other) => m_value == other;

    public override bool Equals(object? other) => other is ulong value && value == m_value;

    public override int GetHashCode() => unchecked((int)m_value ^ (int)(m_value >> 32));

    public int CompareTo(ulong other) => m_value < other ? -1 : m_value > other ? 1 : 0;
}
