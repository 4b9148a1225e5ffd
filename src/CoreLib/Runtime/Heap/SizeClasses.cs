using System;

namespace Cashew.Runtime;

/// <summary>
/// The sizes of cells: fine steps up to 1 KiB, then what divides a block well, with room for an array's 24
/// bytes of header at each power of two.
/// </summary>
internal static class SizeClasses
{
    internal const int Count = 35;

    /// <summary>Sizes up to this are looked up by unit; the assembly code knows only these.</summary>
    internal const int LargestLookup = 2048;

    internal const int LookupCount = LargestLookup / HeapLayout.CellUnitBytes + 1;

    /// <summary>Larger objects have granules of their own.</summary>
    internal const int LargestCell = 32224;

    private static ReadOnlySpan<ushort> Sizes =>
    [
        32, 48, 64, 80, 96, 112, 128, 144, 160, 192, 224, 256, 288, 336, 384, 448, 544, 640, 768, 896,
        1056, 1328, 1600, 2144, 2672, 3216, 4288, 5360, 6432, 9200, 10736, 12880, 16112, 21472, LargestCell,
    ];

    internal static int CellBytes(int sizeClass) => Sizes[sizeClass];

    /// <summary>
    /// The smallest class whose cells hold so many bytes; at most  <see cref="LargestCell"/>.
    /// </summary>
    internal static int Find(nuint sizeBytes)
    {
        int sizeClass = 0;
        while (Sizes[sizeClass] < sizeBytes)
        {
            sizeClass++;
        }

        return sizeClass;
    }
}
