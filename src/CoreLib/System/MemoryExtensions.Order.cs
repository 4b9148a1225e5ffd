using System.Collections.Generic;

namespace System;

// Trimming, reversing, sorting and binary search.
public static partial class MemoryExtensions
{
    public static ReadOnlySpan<T> TrimStart<T>(this ReadOnlySpan<T> span, T trimElement)
        where T : IEquatable<T>?
    {
        int start = 0;
        while (start < span.Length && EqualityComparer<T>.Default.Equals(span[start], trimElement))
        {
            start++;
        }

        return span.Slice(start);
    }

    public static ReadOnlySpan<T> TrimEnd<T>(this ReadOnlySpan<T> span, T trimElement)
        where T : IEquatable<T>?
    {
        int end = span.Length;
        while (end > 0 && EqualityComparer<T>.Default.Equals(span[end - 1], trimElement))
        {
            end--;
        }

        return span.Slice(0, end);
    }

    public static ReadOnlySpan<T> Trim<T>(this ReadOnlySpan<T> span, T trimElement)
        where T : IEquatable<T>? =>
        span.TrimStart(trimElement).TrimEnd(trimElement);

    public static ReadOnlySpan<T> TrimStart<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> trimElements)
        where T : IEquatable<T>?
    {
        int start = 0;
        while (start < span.Length && trimElements.Contains(span[start]))
        {
            start++;
        }

        return span.Slice(start);
    }

    public static ReadOnlySpan<T> TrimEnd<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> trimElements)
        where T : IEquatable<T>?
    {
        int end = span.Length;
        while (end > 0 && trimElements.Contains(span[end - 1]))
        {
            end--;
        }

        return span.Slice(0, end);
    }

    public static ReadOnlySpan<T> Trim<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> trimElements)
        where T : IEquatable<T>? =>
        span.TrimStart(trimElements).TrimEnd(trimElements);

    public static void Reverse<T>(this Span<T> span)
    {
        for (int low = 0, high = span.Length - 1; low < high; low++, high--)
        {
            (span[low], span[high]) = (span[high], span[low]);
        }
    }

    public static void Sort<T>(this Span<T> span) =>
        SpanSort<T, DefaultOrder<T>>.Sort(span, default);

    public static void Sort<T>(this Span<T> span, Comparison<T> comparison) =>
        SpanSort<T, ComparisonOrder<T>>.Sort(span, new ComparisonOrder<T>(comparison));

    public static void Sort<T, TComparer>(this Span<T> span, TComparer comparer)
        where TComparer : IComparer<T>?
    {
        if (comparer is null)
        {
            span.Sort();
        }
        else
        {
            SpanSort<T, ComparerOrder<T, TComparer>>.Sort(span, new ComparerOrder<T, TComparer>(comparer));
        }
    }

    [System.Runtime.CompilerServices.OverloadResolutionPriority(-1)]
    public static int BinarySearch<T, TComparer>(this Span<T> span, T value, TComparer comparer)
        where TComparer : IComparer<T> =>
        BinarySearch((ReadOnlySpan<T>)span, value, comparer);

    public static int BinarySearch<T>(this ReadOnlySpan<T> span, T value)
        where T : IComparable<T> =>
        span.BinarySearch(value, Comparer<T>.Default);

    /// <summary>
    /// The position of an equal element of an ordered span, or the complement of where it would go.
    /// </summary>
    public static int BinarySearch<T, TComparer>(this ReadOnlySpan<T> span, T value, TComparer comparer)
        where TComparer : IComparer<T>
    {
        int low = 0;
        int high = span.Length - 1;
        while (low <= high)
        {
            int middle = low + ((high - low) >> 1);
            int order = comparer.Compare(span[middle], value);
            if (order == 0)
            {
                return middle;
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return ~low;
    }

    private readonly struct DefaultOrder<T> : ISpanOrder<T>
    {
        public bool IsLess(T left, T right) => Comparer<T>.Default.Compare(left, right) < 0;
    }

    private readonly struct ComparisonOrder<T>(Comparison<T> comparison) : ISpanOrder<T>
    {
        public bool IsLess(T left, T right) => comparison(left, right) < 0;
    }

    private readonly struct ComparerOrder<T, TComparer>(TComparer comparer) : ISpanOrder<T>
        where TComparer : IComparer<T>?
    {
        public bool IsLess(T left, T right) => comparer!.Compare(left, right) < 0;
    }
}
