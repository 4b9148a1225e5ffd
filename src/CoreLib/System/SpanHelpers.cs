using System.Runtime;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>Block operations that the compiler calls by name, over the routines in Memory.S.</summary>
internal static unsafe partial class SpanHelpers
{
    [RuntimeExport("RhSpanHelpers_MemCopy")]
    internal static void Memmove(ref byte destination, ref byte source, nuint lengthBytes) =>
        MoveBytes(Unsafe.AsPointer(ref destination), Unsafe.AsPointer(ref source), lengthBytes);

    [RuntimeExport("RhSpanHelpers_MemSet")]
    internal static void Fill(ref byte destination, byte value, nuint lengthBytes) =>
        FillBytes(Unsafe.AsPointer(ref destination), value, lengthBytes);

    [RuntimeExport("RhSpanHelpers_MemZero")]
    internal static void ClearWithoutReferences(ref byte destination, nuint lengthBytes) =>
        FillBytes(Unsafe.AsPointer(ref destination), 0, lengthBytes);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "memmove")]
    private static extern void* MoveBytes(void* destination, void* source, nuint lengthBytes);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "memset")]
    private static extern void* FillBytes(void* destination, int value, nuint lengthBytes);
}
