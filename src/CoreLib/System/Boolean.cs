namespace System;

public readonly struct Boolean : IEquatable<bool>, IComparable<bool>
{
    public static readonly string TrueString = "True";
    public static readonly string FalseString = "False";

    private readonly bool m_value;

    public bool Equals(bool other) => m_value == other;

    public override bool Equals(object? other) => other is bool value && value == m_value;

    public override int GetHashCode() => m_value ? 1 : 0;

    public int CompareTo(bool other) => m_value == other ? 0 : m_value ? 1 : -1;

    public override string ToString() => m_value ? "True" : "False";
}
