using System.Runtime.InteropServices;
using System.Threading;

namespace Internal.Runtime;

/// <summary>
/// Direct-mapped cache of resolved interface calls, read by the stub in Dispatch.S without a lock. An entry is
/// published as a pointer to an immutable triple; triples come from a fixed pool and are never reused, and when the
/// pool is empty calls go on working through the resolver.
/// </summary>
internal static unsafe class DispatchCache
{
    private const int SlotCount = 1024;
    private const int PoolCount = 8192;

    [StructLayout(LayoutKind.Sequential)]
    internal struct Triple
    {
        internal MethodTable* Type;
        internal nint Cell;
        internal nint Code;
    }

    private static int s_poolUsed;

    internal static void Add(MethodTable* type, nint cell, nint code)
    {
        int index = Interlocked.Increment(ref s_poolUsed) - 1;
        if ((uint)index >= PoolCount)
        {
            Volatile.Write(ref s_poolUsed, PoolCount);
            return;
        }

        Triple* triple = Storage.Pool + index;
        triple->Type = type;
        triple->Cell = cell;
        triple->Code = code;
        // Stores are not reordered on x86: whoever sees the pointer sees the triple.
        Volatile.Write(ref Storage.Slots[Hash(type, cell)], (nint)triple);
    }

    // The stub computes the same: ((type >> 4) ^ (cell >> 4)) modulo the number of slots.
    private static int Hash(MethodTable* type, nint cell) => (int)((((nint)type >> 4) ^ (cell >> 4)) & (SlotCount - 1));

    /// <summary>The two tables live in the image's zeroed data, where the stub can name them.</summary>
    private static class Storage
    {
        internal static Triple* Pool => (Triple*)Cashew.Runtime.ImageSymbols.DispatchPool;
        internal static nint* Slots => (nint*)Cashew.Runtime.ImageSymbols.DispatchSlots;
    }
}
