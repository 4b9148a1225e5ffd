using System.Runtime.InteropServices;
using System.Threading;
using Cashew.Runtime;

namespace Internal.Runtime;

/// <summary>
/// Resolved interface calls, in a hash table with linear probing that the stub in Runtime.S reads without a
/// lock. An entry is written once and never changes: whoever sees its type sees the rest, for x86 does not
/// reorder stores. When the table is nearly full, calls that are not in it go on working through the
/// resolver.
/// </summary>
internal static unsafe class DispatchCache
{
    private const int EntryCount = 4096;

    // Leaves gaps, at which the stub's search ends.
    private const int MaximumUsed = 3000;

    /// <summary>
    /// DISPATCH_HASH_MASK in Runtime.S: both addresses are multiples of eight, entries have 32  bytes.
    /// </summary>
    private const int HashMask = 0xFFF0;

    // A search that begins in the last entries must find a gap before the end, so new entries stay clear of
    // it.
    private const int LastIndex = EntryCount - 2;

    private static RuntimeLock s_lock; // the dispatch lock: additions
    private static int s_used;

    internal static void Add(MethodTable* type, nint cell, nint code)
    {
        Entry* entries = (Entry*)ImageSymbols.DispatchCache;
        s_lock.Enter();
        int index = (((int)(nint)type ^ (int)cell) & HashMask) >> 4;
        while (index <= LastIndex && entries[index].Type != null)
        {
            index++;
        }

        if (index <= LastIndex && s_used < MaximumUsed)
        {
            s_used++;
            entries[index].Cell = cell;
            entries[index].Code = code;
            Volatile.Write(ref *(nint*)&entries[index].Type, (nint)type);
        }

        s_lock.Exit();
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        internal MethodTable* Type;
        internal nint Cell;
        internal nint Code;
        internal nint Unused;
    }
}
