namespace System;

public readonly unsafe struct UIntPtr : IEquatable<nuint>, IComparable<nuint>
{
    private readonly void* _value;

    public static readonly nuint Zero;

    public static int Size => 8;

    public static nuint MinValue => unchecked((nuint)ulong.MinValue);
    public static nuint MaxValue => unchecked((nuint)ulong.MaxValue);

    public bool Equals(nuint other) => (nuint)_value == other;

    public override bool Equals(object? other) => other is nuint value && value == (nuint)_value;

    public override int GetHashCode() => unchecked((int)(ulong)_value ^ (int)((ulong)_value >> 32));

    public int CompareTo(nuint other) => (nuint)_value < other ? -1 : (nuint)_value > other ? 1 : 0;
}
