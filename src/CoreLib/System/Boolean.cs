namespace System;

public readonly struct Boolean : IEquatable<bool>
{
    private readonly bool m_value;

    public bool Equals(bool other) => m_value == other;

    public override bool Equals(object? other) => other is bool value && value == m_value;

    public override int GetHashCode() => m_value ? 1 : 0;
}
