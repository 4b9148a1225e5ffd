using Internal.Runtime;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace System;

// What callers do with whole arrays. Most of it is span code: see MemoryExtensions.
public abstract partial class Array
{
    public static void Clear(Array array) => Clear(array, 0, array.Length);

    public static unsafe void Clear(Array array, int index, int length)
    {
        CheckRange(array, index, length);
        // SAFETY: the range was checked, and elements of zeros are valid for every type.
        nuint elementBytes = array.TypeOf->ComponentSizeBytes;
        SpanHelpers.ClearWithoutReferences(
            ref Unsafe.Add(ref Unsafe.As<RawArrayData>(array).Data, (nuint)index * elementBytes),
            (nuint)length * elementBytes);
    }

    public static void Copy(Array sourceArray, Array destinationArray, int length) =>
        Copy(sourceArray, 0, destinationArray, 0, length);

    public static unsafe void Copy(
        Array sourceArray, int sourceIndex, Array destinationArray, int destinationIndex, int length)
    {
        CheckRange(sourceArray, sourceIndex, length);
        CheckRange(destinationArray, destinationIndex, length);
        // SAFETY: both ranges were checked; below, every element is known to fit the destination's type.
        MethodTable* type = sourceArray.TypeOf;
        if (type != destinationArray.TypeOf && !TypeCast.IsAssignable(type, destinationArray.TypeOf))
        {
            ThrowHelper.Argument("arrays of different types");
        }

        nuint elementBytes = type->ComponentSizeBytes;
        ref byte source = ref Unsafe.Add(
            ref Unsafe.As<RawArrayData>(sourceArray).Data, (nuint)sourceIndex * elementBytes);
        ref byte destination = ref Unsafe.Add(
            ref Unsafe.As<RawArrayData>(destinationArray).Data, (nuint)destinationIndex * elementBytes);
        if (type->HasPointers)
        {
            Buffer.BulkMoveWithWriteBarrier(ref destination, ref source, (nuint)length * elementBytes);
        }
        else
        {
            SpanHelpers.Memmove(ref destination, ref source, (nuint)length * elementBytes);
        }
    }

    public static void Resize<T>([NotNull] ref T[]? array, int newSize)
    {
        ThrowHelper.IfNegative(newSize);
        if (array is null)
        {
            array = new T[newSize];
        }
        else if (array.Length != newSize)
        {
            T[] resized = new T[newSize];
            Copy(array, resized, Math.Min(array.Length, newSize));
            array = resized;
        }
    }

    public static void Fill<T>(T[] array, T value) => new Span<T>(array).Fill(value);

    public static void Fill<T>(T[] array, T value, int startIndex, int count) =>
        new Span<T>(array, startIndex, count).Fill(value);

    public static int IndexOf<T>(T[] array, T value) => IndexOf(array, value, 0, array.Length);

    public static int IndexOf<T>(T[] array, T value, int startIndex) =>
        IndexOf(array, value, startIndex, array.Length - startIndex);

    public static int IndexOf<T>(T[] array, T value, int startIndex, int count)
    {
        CheckRange(array, startIndex, count);
        for (int i = startIndex; i < startIndex + count; i++)
        {
            if (EqualityComparer<T>.Default.Equals(array[i], value))
            {
                return i;
            }
        }

        return -1;
    }

    public static int LastIndexOf<T>(T[] array, T value)
    {
        for (int i = array.Length - 1; i >= 0; i--)
        {
            if (EqualityComparer<T>.Default.Equals(array[i], value))
            {
                return i;
            }
        }

        return -1;
    }

    public static int FindIndex<T>(T[] array, Predicate<T> match)
    {
        for (int i = 0; i < array.Length; i++)
        {
            if (match(array[i]))
            {
                return i;
            }
        }

        return -1;
    }

    public static T? Find<T>(T[] array, Predicate<T> match)
    {
        int index = FindIndex(array, match);
        return index >= 0 ? array[index] : default;
    }

    public static bool Exists<T>(T[] array, Predicate<T> match) => FindIndex(array, match) >= 0;

    public static void Reverse<T>(T[] array) => new Span<T>(array).Reverse();

    public static void Reverse<T>(T[] array, int index, int length) =>
        new Span<T>(array, index, length).Reverse();

    public static void Sort<T>(T[] array) => new Span<T>(array).Sort();

    public static void Sort<T>(T[] array, IComparer<T>? comparer) => Sort(array, 0, array.Length, comparer);

    public static void Sort<T>(T[] array, Comparison<T> comparison) => new Span<T>(array).Sort(comparison);

    public static void Sort<T>(T[] array, int index, int length) => new Span<T>(array, index, length).Sort();

    public static void Sort<T>(T[] array, int index, int length, IComparer<T>? comparer) =>
        new Span<T>(array, index, length).Sort(comparer);

    public static int BinarySearch<T>(T[] array, T value) =>
        BinarySearch(array, 0, array.Length, value, null);

    public static int BinarySearch<T>(T[] array, T value, IComparer<T>? comparer) =>
        BinarySearch(array, 0, array.Length, value, comparer);

    public static int BinarySearch<T>(T[] array, int index, int length, T value) =>
        BinarySearch(array, index, length, value, null);

    public static int BinarySearch<T>(T[] array, int index, int length, T value, IComparer<T>? comparer)
    {
        int found =
            new ReadOnlySpan<T>(array, index, length).BinarySearch(value, comparer ?? Comparer<T>.Default);
        return found >= 0 ? found + index : ~(~found + index);
    }

    public unsafe object Clone()
    {
        // SAFETY: the copy has the same type and length.
        Array copy = Unsafe.As<Array>(Cashew.Runtime.Allocator.NewArray(TypeOf, Length));
        Copy(this, copy, Length);
        return copy;
    }

    private static void CheckRange(Array array, int index, int length)
    {
        if (index < 0 || length < 0 || array.Length - index < length)
        {
            ThrowHelper.ArgumentOutOfRange();
        }
    }
}
