using System.Runtime.CompilerServices;
using Cashew.Runtime;

namespace System;

public static class Buffer
{
    /// <summary>Moves elements between possibly overlapping places.</summary>
    internal static void Memmove<T>(ref T destination, ref T source, nuint elementCount)
    {
        if (!RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            SpanHelpers.Memmove(
                ref Unsafe.As<T, byte>(ref destination),
                ref Unsafe.As<T, byte>(ref source),
                elementCount * (nuint)Unsafe.SizeOf<T>());
        }
        else
        {
            BulkMoveWithWriteBarrier(
                ref Unsafe.As<T, byte>(ref destination),
                ref Unsafe.As<T, byte>(ref source),
                elementCount * (nuint)Unsafe.SizeOf<T>());
        }
    }

    // Named by the compiler for structs with references. Whole words, so that the collector, which may look
    // from another processor one day, never sees a torn reference.
    internal static unsafe void BulkMoveWithWriteBarrier(
        ref byte destination, ref byte source, nuint lengthBytes)
    {
        nint* to = (nint*)Unsafe.AsPointer(ref destination);
        nint* from = (nint*)Unsafe.AsPointer(ref source);
        nint words = (nint)(lengthBytes / (nuint)sizeof(nint));
        if ((nuint)to - (nuint)from >= lengthBytes)
        {
            for (nint i = 0; i < words; i++)
            {
                to[i] = from[i];
            }
        }
        else
        {
            for (nint i = words - 1; i >= 0; i--)
            {
                to[i] = from[i];
            }
        }

        if (WriteBarrier.IsOn)
        {
            WriteBarrier.Moved(to, words);
        }
    }
}
