namespace System;

public readonly struct Int32 : IEquatable<int>, IComparable<int>
{
    private readonly int m_value;

    public const int MinValue = unchecked((int)0x80000000);
    public const int MaxValue = 0x7fffffff;

    public bool Equals(int other) => m_value == other;

    public override bool Equals(object? other) => other is int value && value == m_value;

    public override int GetHashCode() => unchecked(m_value);

    public int CompareTo(int other) => m_value < other ? -1 : m_value > other ? 1 : 0;
}
