namespace System;

public readonly unsafe struct IntPtr : IEquatable<nint>, IComparable<nint>
{
    private readonly void* _value;

    public static readonly nint Zero;

    public static int Size => 8;

    public static nint MinValue => unchecked((nint)long.MinValue);
    public static nint MaxValue => unchecked((nint)long.MaxValue);

    public bool Equals(nint other) => (nint)_value == other;

    public override bool Equals(object? other) => other is nint value && value == (nint)_value;

    public override int GetHashCode() => unchecked((int)(long)_value ^ (int)((long)_value >> 32));

    public int CompareTo(nint other) => (nint)_value < other ? -1 : (nint)_value > other ? 1 : 0;
}
