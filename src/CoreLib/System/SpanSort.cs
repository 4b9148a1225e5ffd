using System.Numerics;

namespace System;

/// <summary>
/// Introsort: quicksort on the median of three, insertion sort for short runs, and heap sort where quicksort
/// goes too deep, so that no input takes more than n log n time or more than log n stack frames. Not stable.
/// </summary>
internal static class SpanSort<T, TOrder>
    where TOrder : struct, ISpanOrder<T>
{
    private const int ShortRun = 16;

    internal static void Sort(Span<T> span, TOrder order)
    {
        if (span.Length > 1)
        {
            Sort(span, order, 2 * (BitOperations.Log2((uint)span.Length) + 1));
        }
    }

    private static void Sort(Span<T> span, TOrder order, int depthLimit)
    {
        while (span.Length > ShortRun)
        {
            if (depthLimit-- == 0)
            {
                HeapSort(span, order);
                return;
            }

            // The shorter part by recursion, the longer by the loop: the depth stays logarithmic.
            int pivot = Partition(span, order);
            Span<T> left = span.Slice(0, pivot);
            Span<T> right = span.Slice(pivot + 1);
            bool isLeftShorter = left.Length < right.Length;
            Sort(isLeftShorter ? left : right, order, depthLimit);
            span = isLeftShorter ? right : left;
        }

        InsertionSort(span, order);
    }

    /// <summary>Moves what is less than a pivot before it; returns where the pivot lies.</summary>
    private static int Partition(Span<T> span, TOrder order)
    {
        int last = span.Length - 1;
        int middle = last >> 1;
        SwapIfGreater(span, order, 0, middle);
        SwapIfGreater(span, order, 0, last);
        SwapIfGreater(span, order, middle, last);

        // The ends are in place and stop both scans.
        T pivot = span[middle];
        Swap(span, middle, last - 1);
        int left = 0;
        int right = last - 1;
        while (true)
        {
            // The bounds matter only when an order contradicts itself.
            while (left < last - 1 && order.IsLess(span[++left], pivot))
            {
            }

            while (right > 0 && order.IsLess(pivot, span[--right]))
            {
            }

            if (left >= right)
            {
                break;
            }

            Swap(span, left, right);
        }

        Swap(span, left, last - 1);
        return left;
    }

    private static void InsertionSort(Span<T> span, TOrder order)
    {
        for (int i = 1; i < span.Length; i++)
        {
            T element = span[i];
            int hole = i;
            while (hole > 0 && order.IsLess(element, span[hole - 1]))
            {
                span[hole] = span[hole - 1];
                hole--;
            }

            span[hole] = element;
        }
    }

    private static void HeapSort(Span<T> span, TOrder order)
    {
        for (int i = span.Length / 2 - 1; i >= 0; i--)
        {
            SiftDown(span, order, i);
        }

        for (int end = span.Length - 1; end > 0; end--)
        {
            Swap(span, 0, end);
            SiftDown(span.Slice(0, end), order, 0);
        }
    }

    private static void SiftDown(Span<T> span, TOrder order, int hole)
    {
        T element = span[hole];
        while (true)
        {
            int child = 2 * hole + 1;
            if (child >= span.Length)
            {
                break;
            }

            if (child + 1 < span.Length && order.IsLess(span[child], span[child + 1]))
            {
                child++;
            }

            if (!order.IsLess(element, span[child]))
            {
                break;
            }

            span[hole] = span[child];
            hole = child;
        }

        span[hole] = element;
    }

    private static void SwapIfGreater(Span<T> span, TOrder order, int low, int high)
    {
        if (order.IsLess(span[high], span[low]))
        {
            Swap(span, low, high);
        }
    }

    private static void Swap(Span<T> span, int i, int j) => (span[i], span[j]) = (span[j], span[i]);
}
