namespace System;

public readonly struct Int16 : IEquatable<short>, IComparable<short>
{
    private readonly short m_value;

    public const short MinValue = -32768;
    public const short MaxValue = 32767;

    public bool Equals(short other) => m_value == other;

    public override bool Equals(object? other) => other is short value && value == m_value;

    public override int GetHashCode() => unchecked(m_value);

    public int CompareTo(short other) => m_value < other ? -1 : m_value > other ? 1 : 0;
}
