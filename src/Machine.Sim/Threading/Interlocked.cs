using System.Diagnostics.CodeAnalysis;
using Atomic = System.Threading.Interlocked;

namespace Cashew.Machine.Simulated;

/// <summary>
/// Takes the place of .NET's class of this name in rooms compiled for the host: each atomic operation is a
/// point where another processor may come in between.
/// </summary>
public static class Interlocked
{
    public static int CompareExchange(ref int location, int value, int comparand)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.CompareExchange(ref location, value, comparand);
    }

    public static int Exchange(ref int location, int value)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Exchange(ref location, value);
    }

    public static uint CompareExchange(ref uint location, uint value, uint comparand)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.CompareExchange(ref location, value, comparand);
    }

    public static uint Exchange(ref uint location, uint value)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Exchange(ref location, value);
    }

    public static long CompareExchange(ref long location, long value, long comparand)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.CompareExchange(ref location, value, comparand);
    }

    public static long Exchange(ref long location, long value)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Exchange(ref location, value);
    }

    public static ulong CompareExchange(ref ulong location, ulong value, ulong comparand)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.CompareExchange(ref location, value, comparand);
    }

    public static ulong Exchange(ref ulong location, ulong value)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Exchange(ref location, value);
    }

    public static nint CompareExchange(ref nint location, nint value, nint comparand)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.CompareExchange(ref location, value, comparand);
    }

    public static nint Exchange(ref nint location, nint value)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Exchange(ref location, value);
    }

    public static T CompareExchange<T>([NotNullIfNotNull(nameof(value))] ref T location, T value, T comparand)
        where T : class?
    {
        Simulation.Current.ChoicePoint();
        return Atomic.CompareExchange(ref location, value, comparand);
    }

    public static T Exchange<T>([NotNullIfNotNull(nameof(value))] ref T location, T value)
        where T : class?
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Exchange(ref location, value);
    }

    public static int Add(ref int location, int value)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Add(ref location, value);
    }

    public static int Increment(ref int location)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Increment(ref location);
    }

    public static int Decrement(ref int location)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Decrement(ref location);
    }

    public static int And(ref int location, int value)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.And(ref location, value);
    }

    public static int Or(ref int location, int value)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Or(ref location, value);
    }

    public static uint Add(ref uint location, uint value)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Add(ref location, value);
    }

    public static uint Increment(ref uint location)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Increment(ref location);
    }

    public static uint Decrement(ref uint location)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Decrement(ref location);
    }

    public static uint And(ref uint location, uint value)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.And(ref location, value);
    }

    public static uint Or(ref uint location, uint value)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Or(ref location, value);
    }

    public static long Add(ref long location, long value)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Add(ref location, value);
    }

    public static long Increment(ref long location)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Increment(ref location);
    }

    public static long Decrement(ref long location)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Decrement(ref location);
    }

    public static long And(ref long location, long value)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.And(ref location, value);
    }

    public static long Or(ref long location, long value)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Or(ref location, value);
    }

    public static ulong Add(ref ulong location, ulong value)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Add(ref location, value);
    }

    public static ulong Increment(ref ulong location)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Increment(ref location);
    }

    public static ulong Decrement(ref ulong location)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Decrement(ref location);
    }

    public static ulong And(ref ulong location, ulong value)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.And(ref location, value);
    }

    public static ulong Or(ref ulong location, ulong value)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Or(ref location, value);
    }

    public static int ExchangeAdd(ref int location, int value)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Add(ref location, value) - value;
    }

    public static long ExchangeAdd(ref long location, long value)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Add(ref location, value) - value;
    }

    public static long Read(ref readonly long location)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Read(in location);
    }

    public static ulong Read(ref readonly ulong location)
    {
        Simulation.Current.ChoicePoint();
        return Atomic.Read(in location);
    }

    public static void MemoryBarrier() => Simulation.Current.ChoicePoint();
}
