namespace Cashew.Runtime;

/// <summary>
/// Which granules of physical memory belong to the heap: one byte each, in tables for 1 GiB that are made
/// when the heap first reaches there. This is what a word on a stack is held against to see whether it is a
/// reference.
/// </summary>
/// <remarks>Written under the heap lock, read while the other processors are stopped.</remarks>
internal static unsafe class GranuleMap
{
    private const byte None = 0;

    // Larger values: a granule of a large object, this many minus 1 behind the first.
    private const byte First = 1;

    private const int TableShift = 30;
    private const int TableOrder = TableShift - HeapLayout.GranuleShift - 12;
    private const int GranulesPerTable = 1 << (TableShift - HeapLayout.GranuleShift);

    private static byte** s_tables;
    private static ulong s_limitBytes;

    /// <summary>Once, at boot.</summary>
    internal static void Initialize(ulong physicalLimit)
    {
        ulong tableCount = (physicalLimit + (1UL << TableShift) - 1) >> TableShift;
        int order = 0;
        while ((4096UL << order) < tableCount * (ulong)sizeof(byte*))
        {
            order++;
        }

        s_tables = (byte**)RuntimeHooks.AllocateFrames(order);
        if (s_tables == null)
        {
            RuntimeHooks.Fatal("no memory for the heap's map");
        }

        RuntimeMemory.Clear(s_tables, 4096u << order);
        s_limitBytes = tableCount << TableShift;
    }

    /// <summary>
    /// Makes sure that the next Add for this granule succeeds; takes frames, so not under the heap lock.
    /// </summary>
    internal static bool TryPrepare(nint granule)
    {
        byte** slot = s_tables + (((ulong)granule - HeapLayout.Base) >> TableShift);
        if (*slot != null)
        {
            return true;
        }

        byte* table = (byte*)RuntimeHooks.AllocateFrames(TableOrder);
        if (table == null)
        {
            return false;
        }

        RuntimeMemory.Clear(table, GranulesPerTable);
        if (System.Threading.Interlocked.CompareExchange(ref *(nint*)slot, (nint)table, 0) != 0)
        {
            // Another processor was faster.
            RuntimeHooks.FreeFrames((nint)table, TableOrder);
        }

        return true;
    }

    internal static void Add(nint granule, int count)
    {
        for (int i = 0; i < count; i++)
        {
            *Entry((ulong)granule + ((ulong)i << HeapLayout.GranuleShift) - HeapLayout.Base) =
                (byte)(First + i);
        }
    }

    internal static void Remove(nint granule, int count)
    {
        for (int i = 0; i < count; i++)
        {
            *Entry((ulong)granule + ((ulong)i << HeapLayout.GranuleShift) - HeapLayout.Base) = None;
        }
    }

    /// <summary>The block that an arbitrary word points into, or null.</summary>
    internal static Block* Find(nint word)
    {
        ulong offset = (ulong)word - HeapLayout.Base;
        if (offset >= s_limitBytes || s_tables[offset >> TableShift] == null)
        {
            return null;
        }

        byte kind = *Entry(offset);
        return kind == None ? null : Block.Of(word - (nint)(kind - First) * HeapLayout.GranuleBytes);
    }

    private static byte* Entry(ulong offset) =>
        s_tables[offset >> TableShift] + ((offset >> HeapLayout.GranuleShift) & (GranulesPerTable - 1));
}
