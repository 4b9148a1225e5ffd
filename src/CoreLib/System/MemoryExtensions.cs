using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>Searching and comparing spans.</summary>
public static partial class MemoryExtensions
{
    public static Span<T> AsSpan<T>(this T[]? array) => new(array);

    public static Span<T> AsSpan<T>(this T[]? array, int start) =>
        array is null ? new Span<T>(array, start, 0) : new Span<T>(array, start, array.Length - start);

    public static Span<T> AsSpan<T>(this T[]? array, int start, int length) => new(array, start, length);

    public static Span<T> AsSpan<T>(this T[]? array, Range range)
    {
        (int start, int length) = range.GetOffsetAndLength(array is null ? 0 : array.Length);
        return new Span<T>(array, start, length);
    }

    // C# converts a string to a span by calling this.
    public static ReadOnlySpan<char> AsSpan(this string? text) => string.Characters(text);

    public static ReadOnlySpan<char> AsSpan(this string? text, int start) =>
        ((ReadOnlySpan<char>)text).Slice(start);

    public static ReadOnlySpan<char> AsSpan(this string? text, int start, int length) =>
        ((ReadOnlySpan<char>)text).Slice(start, length);

    public static Memory<T> AsMemory<T>(this T[]? array) => new(array);

    public static Memory<T> AsMemory<T>(this T[]? array, int start, int length) => new(array, start, length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    [OverloadResolutionPriority(-1)]
    public static bool SequenceEqual<T>(this Span<T> span, ReadOnlySpan<T> other)
        where T : IEquatable<T>? =>
        SequenceEqual((ReadOnlySpan<T>)span, other);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SequenceEqual<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> other)
        where T : IEquatable<T>?
    {
        int length = span.Length;
        if (length != other.Length)
        {
            return false;
        }

        // Branch on a constant: only one of the two is compiled.
        return RuntimeHelpers.IsBitwiseEquatable<T>()
            ? SpanHelpers.SequenceEqual(
                ref BytesOf(span), ref BytesOf(other), (nuint)(uint)length * (nuint)Unsafe.SizeOf<T>())
            : ElementsEqual(span, other);
    }

    [OverloadResolutionPriority(-1)]
    public static int SequenceCompareTo<T>(this Span<T> span, ReadOnlySpan<T> other)
        where T : IComparable<T>? =>
        SequenceCompareTo((ReadOnlySpan<T>)span, other);

    /// <summary>Order by the first difference, then by length.</summary>
    public static int SequenceCompareTo<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> other)
        where T : IComparable<T>?
    {
        int common = Math.Min(span.Length, other.Length);
        for (int i = 0; i < common; i++)
        {
            int order = Comparer<T>.Default.Compare(span[i], other[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return span.Length.CompareTo(other.Length);
    }

    [OverloadResolutionPriority(-1)]
    public static int CommonPrefixLength<T>(this Span<T> span, ReadOnlySpan<T> other) =>
        CommonPrefixLength((ReadOnlySpan<T>)span, other);

    public static int CommonPrefixLength<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> other)
    {
        int common = Math.Min(span.Length, other.Length);
        if (RuntimeHelpers.IsBitwiseEquatable<T>() && Unsafe.SizeOf<T>() == 1)
        {
            return SpanHelpers.CommonPrefixLength(ref BytesOf(span), ref BytesOf(other), common);
        }

        int i = 0;
        while (i < common && EqualityComparer<T>.Default.Equals(span[i], other[i]))
        {
            i++;
        }

        return i;
    }

    [OverloadResolutionPriority(-1)]
    public static int IndexOf<T>(this Span<T> span, T value)
        where T : IEquatable<T>? =>
        IndexOf((ReadOnlySpan<T>)span, value);

    public static int IndexOf<T>(this ReadOnlySpan<T> span, T value)
        where T : IEquatable<T>?
    {
        if (RuntimeHelpers.IsBitwiseEquatable<T>() && Unsafe.SizeOf<T>() == 1)
        {
            return SpanHelpers.IndexOf(ref BytesOf(span), Unsafe.As<T, byte>(ref value), span.Length);
        }

        for (int i = 0; i < span.Length; i++)
        {
            if (EqualityComparer<T>.Default.Equals(span[i], value))
            {
                return i;
            }
        }

        return -1;
    }

    [OverloadResolutionPriority(-1)]
    public static int IndexOf<T>(this Span<T> span, ReadOnlySpan<T> value)
        where T : IEquatable<T>? =>
        IndexOf((ReadOnlySpan<T>)span, value);

    /// <summary>
    /// The first position of a sequence: jumps from one occurrence of its first element to the next.
    /// </summary>
    public static int IndexOf<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> value)
        where T : IEquatable<T>?
    {
        if (value.IsEmpty)
        {
            return 0;
        }

        int last = span.Length - value.Length;
        int at = 0;
        while (at <= last)
        {
            int next = IndexOf(span.Slice(at, last - at + 1), value[0]);
            if (next < 0)
            {
                return -1;
            }

            at += next;
            if (SequenceEqual(span.Slice(at, value.Length), value))
            {
                return at;
            }

            at++;
        }

        return -1;
    }

    [OverloadResolutionPriority(-1)]
    public static int LastIndexOf<T>(this Span<T> span, T value)
        where T : IEquatable<T>? =>
        LastIndexOf((ReadOnlySpan<T>)span, value);

    public static int LastIndexOf<T>(this ReadOnlySpan<T> span, T value)
        where T : IEquatable<T>?
    {
        for (int i = span.Length - 1; i >= 0; i--)
        {
            if (EqualityComparer<T>.Default.Equals(span[i], value))
            {
                return i;
            }
        }

        return -1;
    }

    [OverloadResolutionPriority(-1)]
    public static int IndexOfAny<T>(this Span<T> span, T value0, T value1)
        where T : IEquatable<T>? =>
        IndexOfAny((ReadOnlySpan<T>)span, value0, value1);

    public static int IndexOfAny<T>(this ReadOnlySpan<T> span, T value0, T value1)
        where T : IEquatable<T>?
    {
        for (int i = 0; i < span.Length; i++)
        {
            if (EqualityComparer<T>.Default.Equals(span[i], value0)
                || EqualityComparer<T>.Default.Equals(span[i], value1))
            {
                return i;
            }
        }

        return -1;
    }

    [OverloadResolutionPriority(-1)]
    public static int IndexOfAny<T>(this Span<T> span, ReadOnlySpan<T> values)
        where T : IEquatable<T>? =>
        IndexOfAny((ReadOnlySpan<T>)span, values);

    public static int IndexOfAny<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> values)
        where T : IEquatable<T>?
    {
        for (int i = 0; i < span.Length; i++)
        {
            if (IndexOf(values, span[i]) >= 0)
            {
                return i;
            }
        }

        return -1;
    }

    [OverloadResolutionPriority(-1)]
    public static int IndexOfAnyExcept<T>(this Span<T> span, T value)
        where T : IEquatable<T>? =>
        IndexOfAnyExcept((ReadOnlySpan<T>)span, value);

    public static int IndexOfAnyExcept<T>(this ReadOnlySpan<T> span, T value)
        where T : IEquatable<T>?
    {
        for (int i = 0; i < span.Length; i++)
        {
            if (!EqualityComparer<T>.Default.Equals(span[i], value))
            {
                return i;
            }
        }

        return -1;
    }

    [OverloadResolutionPriority(-1)]
    public static bool Contains<T>(this Span<T> span, T value)
        where T : IEquatable<T>? =>
        IndexOf((ReadOnlySpan<T>)span, value) >= 0;

    public static bool Contains<T>(this ReadOnlySpan<T> span, T value)
        where T : IEquatable<T>? =>
        IndexOf(span, value) >= 0;

    [OverloadResolutionPriority(-1)]
    public static int Count<T>(this Span<T> span, T value)
        where T : IEquatable<T>? =>
        Count((ReadOnlySpan<T>)span, value);

    public static int Count<T>(this ReadOnlySpan<T> span, T value)
        where T : IEquatable<T>?
    {
        int count = 0;
        foreach (ref readonly T element in span)
        {
            if (EqualityComparer<T>.Default.Equals(element, value))
            {
                count++;
            }
        }

        return count;
    }

    [OverloadResolutionPriority(-1)]
    public static bool StartsWith<T>(this Span<T> span, ReadOnlySpan<T> value)
        where T : IEquatable<T>? =>
        StartsWith((ReadOnlySpan<T>)span, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool StartsWith<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> value)
        where T : IEquatable<T>? =>
        value.Length <= span.Length && SequenceEqual(span.Slice(0, value.Length), value);

    public static bool StartsWith<T>(this ReadOnlySpan<T> span, T value)
        where T : IEquatable<T>? =>
        span.Length != 0 && EqualityComparer<T>.Default.Equals(span[0], value);

    [OverloadResolutionPriority(-1)]
    public static bool EndsWith<T>(this Span<T> span, ReadOnlySpan<T> value)
        where T : IEquatable<T>? =>
        EndsWith((ReadOnlySpan<T>)span, value);

    public static bool EndsWith<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> value)
        where T : IEquatable<T>? =>
        value.Length <= span.Length && SequenceEqual(span.Slice(span.Length - value.Length), value);

    public static bool EndsWith<T>(this ReadOnlySpan<T> span, T value)
        where T : IEquatable<T>? =>
        span.Length != 0 && EqualityComparer<T>.Default.Equals(span[^1], value);

    private static bool ElementsEqual<T>(ReadOnlySpan<T> span, ReadOnlySpan<T> other)
    {
        for (int i = 0; i < span.Length; i++)
        {
            if (!EqualityComparer<T>.Default.Equals(span[i], other[i]))
            {
                return false;
            }
        }

        return true;
    }

    // SAFETY of its callers: they stay inside the span, and read only types without padding or references.
    private static ref byte BytesOf<T>(ReadOnlySpan<T> span) =>
        ref Unsafe.As<T, byte>(ref Unsafe.AsRef(in span._reference));
}
