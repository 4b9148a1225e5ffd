namespace System;

public readonly struct UInt16 : IEquatable<ushort>, IComparable<ushort>
{
    private readonly ushort m_value;

    public const ushort MinValue = 0;
    public const ushort MaxValue = 65535;

    public bool Equals(ushort other) => m_value == other;

    public override bool Equals(object? other) => other is ushort value && value == m_value;

    public override int GetHashCode() => unchecked(m_value);

    public int CompareTo(ushort other) => m_value < other ? -1 : m_value > other ? 1 : 0;
}
