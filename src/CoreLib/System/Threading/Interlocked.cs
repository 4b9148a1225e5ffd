using System.Runtime.CompilerServices;
using Cashew.Runtime;

namespace System.Threading;

/// <summary>Atomic operations; the compiler turns each into one locked instruction.</summary>
public static class Interlocked
{
    [Intrinsic]
    public static int CompareExchange(ref int location, int value, int comparand) =>
        CompareExchange(ref location, value, comparand);

    [Intrinsic]
    public static long CompareExchange(ref long location, long value, long comparand) =>
        CompareExchange(ref location, value, comparand);

    public static uint CompareExchange(ref uint location, uint value, uint comparand) =>
        (uint)CompareExchange(ref Unsafe.As<uint, int>(ref location), (int)value, (int)comparand);

    public static ulong CompareExchange(ref ulong location, ulong value, ulong comparand) =>
        (ulong)CompareExchange(ref Unsafe.As<ulong, long>(ref location), (long)value, (long)comparand);

    public static nint CompareExchange(ref nint location, nint value, nint comparand) =>
        (nint)CompareExchange(ref Unsafe.As<nint, long>(ref location), (long)value, (long)comparand);

    // Objects do not move, so a reference is a word like any other; but the collector has to hear of it.
    public static unsafe T CompareExchange<T>(ref T location, T value, T comparand)
        where T : class?
    {
        long previous =
            CompareExchange(ref Unsafe.As<T, long>(ref location), *(long*)&value, *(long*)&comparand);
        WriteBarrier.Stored(*(nint*)&value);
        return *(T*)&previous;
    }

    [Intrinsic]
    public static int Exchange(ref int location, int value) => Exchange(ref location, value);

    [Intrinsic]
    public static long Exchange(ref long location, long value) => Exchange(ref location, value);

    public static uint Exchange(ref uint location, uint value) =>
        (uint)Exchange(ref Unsafe.As<uint, int>(ref location), (int)value);

    public static ulong Exchange(ref ulong location, ulong value) =>
        (ulong)Exchange(ref Unsafe.As<ulong, long>(ref location), (long)value);

    public static nint Exchange(ref nint location, nint value) =>
        (nint)Exchange(ref Unsafe.As<nint, long>(ref location), (long)value);

    public static unsafe T Exchange<T>(ref T location, T value)
        where T : class?
    {
        long previous = Exchange(ref Unsafe.As<T, long>(ref location), *(long*)&value);
        WriteBarrier.Stored(*(nint*)&value);
        return *(T*)&previous;
    }

    [Intrinsic]
    public static int ExchangeAdd(ref int location, int value) => ExchangeAdd(ref location, value);

    [Intrinsic]
    public static long ExchangeAdd(ref long location, long value) => ExchangeAdd(ref location, value);

    public static int Add(ref int location, int value) => ExchangeAdd(ref location, value) + value;

    public static long Add(ref long location, long value) => ExchangeAdd(ref location, value) + value;

    public static ulong Add(ref ulong location, ulong value) =>
        (ulong)Add(ref Unsafe.As<ulong, long>(ref location), (long)value);

    public static uint Add(ref uint location, uint value) =>
        (uint)Add(ref Unsafe.As<uint, int>(ref location), (int)value);

    public static int Increment(ref int location) => Add(ref location, 1);

    public static long Increment(ref long location) => Add(ref location, 1);

    public static uint Increment(ref uint location) => Add(ref location, 1u);

    public static ulong Increment(ref ulong location) => Add(ref location, 1ul);

    public static int Decrement(ref int location) => Add(ref location, -1);

    public static long Decrement(ref long location) => Add(ref location, -1);

    public static long Read(ref readonly long location) => Volatile.Read(in location);

    public static uint Or(ref uint location, uint value)
    {
        while (true)
        {
            uint current = location;
            if (CompareExchange(ref location, current | value, current) == current)
            {
                return current;
            }
        }
    }

    public static uint And(ref uint location, uint value)
    {
        while (true)
        {
            uint current = location;
            if (CompareExchange(ref location, current & value, current) == current)
            {
                return current;
            }
        }
    }

    public static ulong Or(ref ulong location, ulong value)
    {
        while (true)
        {
            ulong current = location;
            if (CompareExchange(ref location, current | value, current) == current)
            {
                return current;
            }
        }
    }

    public static ulong And(ref ulong location, ulong value)
    {
        while (true)
        {
            ulong current = location;
            if (CompareExchange(ref location, current & value, current) == current)
            {
                return current;
            }
        }
    }

    [Intrinsic]
    public static void MemoryBarrier() => MemoryBarrier();
}
