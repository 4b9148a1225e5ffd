namespace System;

public readonly struct Char : IEquatable<char>, IComparable<char>
{
    private readonly char m_value;

    public const char MinValue = '\0';
    public const char MaxValue = '\uFFFF';

    public bool Equals(char other) => m_value == other;

    public override bool Equals(object? other) => other is char value && value == m_value;

    public override int GetHashCode() => m_value | (m_value << 16);

    public int CompareTo(char other) => m_value - other;
}
