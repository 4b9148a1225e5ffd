namespace System;

public readonly struct Int64 : IEquatable<long>, IComparable<long>
{
    private readonly long m_value;

    public const long MinValue = unchecked((long)0x8000000000000000);
    public const long MaxValue = 0x7fffffffffffffff;

    public bool Equals(long other) => m_value == other;

    public override bool Equals(object? other) => other is long value && value == m_value;

    public override int GetHashCode() => unchecked((int)m_value ^ (int)(m_value >> 32));

    public int CompareTo(long other) => m_value < other ? -1 : m_value > other ? 1 : 0;
}
