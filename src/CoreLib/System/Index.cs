using System.Runtime.CompilerServices;

namespace System;

/// <summary>A position from the start, or with ^ from the end.</summary>
public readonly struct Index : IEquatable<Index>
{
    private readonly int _value;    // complemented when it counts from the end

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Index(int value, bool fromEnd = false)
    {
        ThrowHelper.IfNegative(value);
        _value = fromEnd ? ~value : value;
    }

    public static Index Start => new(0);

    public static Index End => new(0, fromEnd: true);

    public int Value => _value < 0 ? ~_value : _value;

    public bool IsFromEnd => _value < 0;

    public static implicit operator Index(int value) => new(value);

    public static Index FromStart(int value) => new(value);

    public static Index FromEnd(int value) => new(value, fromEnd: true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int GetOffset(int length) => _value < 0 ? _value + length + 1 : _value;

    public bool Equals(Index other) => _value == other._value;

    public override bool Equals(object? value) => value is Index other && other._value == _value;

    public override int GetHashCode() => _value;
}
