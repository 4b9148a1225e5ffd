namespace System;

public readonly struct UInt32 : IEquatable<uint>, IComparable<uint>
{
    private readonly uint m_value;

    public const uint MinValue = 0;
    public const uint MaxValue = 0xffffffff;

    public bool Equals(uint other) => m_value == other;

    public override bool Equals(object? other) => other is uint value && value == m_value;

    public override int GetHashCode() => unchecked((int)m_value);

    public int CompareTo(uint other) => m_value < other ? -1 : m_value > other ? 1 : 0;
}
