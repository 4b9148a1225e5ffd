using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace Cashew.Runtime;

/// <summary>
/// Where things lie. The heap consists of granules of 64 KiB in the direct map of physical memory; the image,
/// with its method tables and frozen objects, lies in the topmost 2 GiB. So one comparison tells heap from
/// image and null.
/// </summary>
internal static unsafe class HeapLayout
{
    /// <summary>Start of the direct map; DirectMap.Base in Machine.</summary>
    internal const ulong Base = 0xFFFF_8000_0000_0000;

    /// <summary>The direct map has room for 2^46 bytes: the bits above tell an address in it.</summary>
    private const int SpanShift = 46;

    /// <summary>Start of the image's topmost 2 GiB; KERNEL_BASE in Layout.h.</summary>
    internal const ulong ImageBase = 0xFFFF_FFFF_8000_0000;

    internal const int GranuleShift = 16;
    internal const int GranuleBytes = 1 << GranuleShift;
    internal const int GranuleMask = GranuleBytes - 1;

    /// <summary>AllocateFrames' order for one granule.</summary>
    internal const int GranuleOrder = GranuleShift - 12;

    /// <summary>The largest run that AllocateFrames gives: 4 MiB.</summary>
    internal const int MaximumGranules = 64;

    /// <summary>Cells are multiples of this, and there is one mark bit for each unit of it.</summary>
    internal const int CellUnitShift = 4;
    internal const int CellUnitBytes = 1 << CellUnitShift;

    /// <summary>
    /// An object's address is that of its method table pointer; the header word lies before it.
    /// </summary>
    internal const int HeaderBytes = 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsInHeap(nint address) => address >> SpanShift == unchecked((nint)Base) >> SpanShift;

    /// <summary>
    /// Does a cell hold an object? The first word of one that is free holds a link to another cell, or zero:
    /// it never lies in the image, where all method tables are.
    /// </summary>
    internal static bool IsObject(nint address) => *(ulong*)address >= ImageBase;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nuint SizeBytesOf(nint address)
    {
        MethodTable* type = *(MethodTable**)address;
        nuint sizeBytes = type->BaseSizeBytes;
        if (type->HasComponentSize)
        {
            sizeBytes += (nuint)(*(uint*)(address + sizeof(nint))) * type->ComponentSizeBytes;
        }

        return sizeBytes;
    }
}
