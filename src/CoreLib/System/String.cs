using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>Names in panics, logs and tests. What crosses the system-call line are bytes.</summary>
public sealed partial class String : IEquatable<string>, IComparable<string>, IEnumerable<char>
{
    // Layout known to the compiler.
    private readonly int _stringLength;
    private char _firstChar;

    public static readonly string Empty = "";

    public int Length
    {
        [Intrinsic]
        get => _stringLength;
    }

    [IndexerName("Chars")]
    public char this[int index]
    {
        [Intrinsic]
        get
        {
            if ((uint)index >= (uint)_stringLength)
            {
                ThrowHelper.IndexOutOfRange();
            }

            return Unsafe.Add(ref _firstChar, (nint)(uint)index);
        }
    }

    public ref readonly char GetPinnableReference() => ref _firstChar;

    public static implicit operator ReadOnlySpan<char>(string? value) => Characters(value);

    public static bool operator ==(string? left, string? right) => Equals(left, right);

    public static bool operator !=(string? left, string? right) => !Equals(left, right);

    public static bool Equals(string? left, string? right)
    {
        if ((object?)left == right)
        {
            return true;
        }

        return left is not null
            && right is not null
            && left._stringLength == right._stringLength
            && SpanHelpers.SequenceEqual(
                ref Unsafe.As<char, byte>(ref left._firstChar),
                ref Unsafe.As<char, byte>(ref right._firstChar),
                (nuint)(uint)left._stringLength * sizeof(char));
    }

    public static bool Equals(string? left, string? right, StringComparison comparisonType) =>
        Equals(left, right);

    public static int CompareOrdinal(string? left, string? right)
    {
        if (left is null || right is null)
        {
            return (left is null ? 0 : 1) - (right is null ? 0 : 1);
        }

        return ((ReadOnlySpan<char>)left).SequenceCompareTo(right);
    }

    public static bool IsNullOrEmpty([NotNullWhen(false)] string? value) =>
        value is null || value._stringLength == 0;

    public bool Equals(string? other) => Equals(this, other);

    public bool Equals(string? other, StringComparison comparisonType) => Equals(this, other);

    public override bool Equals(object? other) => other is string text && Equals(this, text);

    // Stock .NET asks the culture here; the kernel has none, so its order is that of the code units.
    public int CompareTo(string? other) => CompareOrdinal(this, other);

    public override int GetHashCode()
    {
        // FNV-1a: the keys are the kernel's own names, so no protection against chosen ones is needed.
        uint hash = 2166136261;
        foreach (char c in this)
        {
            hash = (hash ^ c) * 16777619;
        }

        return (int)hash;
    }

    public override string ToString() => this;

    internal static ReadOnlySpan<char> Characters(string? value) =>
        value is null ? default : new ReadOnlySpan<char>(ref value._firstChar, value._stringLength);

    IEnumerator<char> IEnumerable<char>.GetEnumerator() => ((IEnumerable<char>)ToCharArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable<char>)ToCharArray()).GetEnumerator();
}
