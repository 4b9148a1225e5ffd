using System.Numerics;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>Block operations that the compiler calls by name, over the routines in Runtime.S.</summary>
internal static unsafe partial class SpanHelpers
{
    private const ulong LowBits = 0x0101_0101_0101_0101;
    private const ulong HighBits = 0x8080_8080_8080_8080;

    [RuntimeExport("RhSpanHelpers_MemCopy")]
    internal static void Memmove(ref byte destination, ref byte source, nuint lengthBytes) =>
        MoveBytes(Unsafe.AsPointer(ref destination), Unsafe.AsPointer(ref source), lengthBytes);

    [RuntimeExport("RhSpanHelpers_MemSet")]
    internal static void Fill(ref byte destination, byte value, nuint lengthBytes) =>
        FillBytes(Unsafe.AsPointer(ref destination), value, lengthBytes);

    [RuntimeExport("RhSpanHelpers_MemZero")]
    internal static void ClearWithoutReferences(ref byte destination, nuint lengthBytes) =>
        FillBytes(Unsafe.AsPointer(ref destination), 0, lengthBytes);

    // The compiler unrolls calls with a short constant length.
    [Intrinsic]
    internal static bool SequenceEqual(ref byte left, ref byte right, nuint lengthBytes)
    {
        if (lengthBytes < sizeof(ulong))
        {
            for (nuint i = 0; i < lengthBytes; i++)
            {
                if (Unsafe.Add(ref left, i) != Unsafe.Add(ref right, i))
                {
                    return false;
                }
            }

            return true;
        }

        nuint last = lengthBytes - sizeof(ulong);
        for (nuint i = 0; i < last; i += sizeof(ulong))
        {
            if (Word(ref left, i) != Word(ref right, i))
            {
                return false;
            }
        }

        // The tail, overlapping what was compared before.
        return Word(ref left, last) == Word(ref right, last);
    }

    /// <summary>The first position of a byte, or -1.</summary>
    internal static int IndexOf(ref byte start, byte value, int length)
    {
        nuint i = 0;
        nuint end = (nuint)(uint)length;
        ulong pattern = value * LowBits;
        for (; i + sizeof(ulong) <= end; i += sizeof(ulong))
        {
            // A byte of the difference is zero where the value is; the classic test marks the lowest such
            // byte exactly.
            ulong difference = Word(ref start, i) ^ pattern;
            ulong zeros = (difference - LowBits) & ~difference & HighBits;
            if (zeros != 0)
            {
                return (int)i + (BitOperations.TrailingZeroCount(zeros) >> 3);
            }
        }

        for (; i < end; i++)
        {
            if (Unsafe.Add(ref start, i) == value)
            {
                return (int)i;
            }
        }

        return -1;
    }

    /// <summary>How many leading bytes are the same.</summary>
    internal static int CommonPrefixLength(ref byte left, ref byte right, int length)
    {
        nuint i = 0;
        nuint end = (nuint)(uint)length;
        for (; i + sizeof(ulong) <= end; i += sizeof(ulong))
        {
            ulong difference = Word(ref left, i) ^ Word(ref right, i);
            if (difference != 0)
            {
                return (int)i + (BitOperations.TrailingZeroCount(difference) >> 3);
            }
        }

        for (; i < end; i++)
        {
            if (Unsafe.Add(ref left, i) != Unsafe.Add(ref right, i))
            {
                break;
            }
        }

        return (int)i;
    }

    private static ulong Word(ref byte start, nuint offset) =>
        Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, offset));

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "memmove")]
    private static extern void* MoveBytes(void* destination, void* source, nuint lengthBytes);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "memset")]
    private static extern void* FillBytes(void* destination, int value, nuint lengthBytes);
}
