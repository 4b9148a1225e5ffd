using System.Runtime.CompilerServices;

namespace System;

/// <summary>Names in panics, logs and tests. What crosses the system-call line are bytes.</summary>
public sealed partial class String : IEquatable<string>
{
    // Layout known to the compiler.
    private readonly int _stringLength;
    private readonly char _firstChar;

    public static readonly string Empty = "";

    public int Length => _stringLength;

    public char this[int index]
    {
        get
        {
            if ((uint)index >= (uint)_stringLength)
            {
                throw new IndexOutOfRangeException();
            }

            return Unsafe.Add(ref Unsafe.AsRef(in _firstChar), index);
        }
    }

    internal ref readonly char GetPinnableReference() => ref _firstChar;

    public static implicit operator ReadOnlySpan<char>(string? value) =>
        value is null ? default : new ReadOnlySpan<char>(ref Unsafe.AsRef(in value._firstChar), value._stringLength);

    public static bool operator ==(string? left, string? right) => Equals(left, right);

    public static bool operator !=(string? left, string? right) => !Equals(left, right);

    public static bool Equals(string? left, string? right)
    {
        if ((object?)left == right)
        {
            return true;
        }

        if (left is null || right is null || left._stringLength != right._stringLength)
        {
            return false;
        }

        for (int i = 0; i < left._stringLength; i++)
        {
            if (left[i] != right[i])
            {
                return false;
            }
        }

        return true;
    }

    public static bool IsNullOrEmpty(string? value) => value is null || value._stringLength == 0;

    public bool Equals(string? other) => Equals(this, other);

    public override bool Equals(object? other) => other is string text && Equals(this, text);

    public override int GetHashCode()
    {
        // FNV-1a: the keys are the kernel's own names, so no protection against chosen ones is needed.
        uint hash = 2166136261;
        for (int i = 0; i < _stringLength; i++)
        {
            hash = (hash ^ this[i]) * 16777619;
        }

        return (int)hash;
    }

    public override string ToString() => this;
}
