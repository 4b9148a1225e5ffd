using Ordered = System.Threading.Volatile;

namespace Cashew.Machine.Simulated;

/// <summary>
/// Takes the place of .NET's class of this name in rooms compiled for the host: each such access is a point
/// where another processor may come in between.
/// </summary>
public static class Volatile
{
    public static bool Read(ref readonly bool location)
    {
        Simulation.Current.ChoicePoint();
        return Ordered.Read(in location);
    }

    public static void Write(ref bool location, bool value)
    {
        Simulation.Current.ChoicePoint();
        Ordered.Write(ref location, value);
        Simulation.Current.ChoicePoint();
    }

    public static byte Read(ref readonly byte location)
    {
        Simulation.Current.ChoicePoint();
        return Ordered.Read(in location);
    }

    public static void Write(ref byte location, byte value)
    {
        Simulation.Current.ChoicePoint();
        Ordered.Write(ref location, value);
        Simulation.Current.ChoicePoint();
    }

    public static sbyte Read(ref readonly sbyte location)
    {
        Simulation.Current.ChoicePoint();
        return Ordered.Read(in location);
    }

    public static void Write(ref sbyte location, sbyte value)
    {
        Simulation.Current.ChoicePoint();
        Ordered.Write(ref location, value);
        Simulation.Current.ChoicePoint();
    }

    public static short Read(ref readonly short location)
    {
        Simulation.Current.ChoicePoint();
        return Ordered.Read(in location);
    }

    public static void Write(ref short location, short value)
    {
        Simulation.Current.ChoicePoint();
        Ordered.Write(ref location, value);
        Simulation.Current.ChoicePoint();
    }

    public static ushort Read(ref readonly ushort location)
    {
        Simulation.Current.ChoicePoint();
        return Ordered.Read(in location);
    }

    public static void Write(ref ushort location, ushort value)
    {
        Simulation.Current.ChoicePoint();
        Ordered.Write(ref location, value);
        Simulation.Current.ChoicePoint();
    }

    public static int Read(ref readonly int location)
    {
        Simulation.Current.ChoicePoint();
        return Ordered.Read(in location);
    }

    public static void Write(ref int location, int value)
    {
        Simulation.Current.ChoicePoint();
        Ordered.Write(ref location, value);
        Simulation.Current.ChoicePoint();
    }

    public static uint Read(ref readonly uint location)
    {
        Simulation.Current.ChoicePoint();
        return Ordered.Read(in location);
    }

    public static void Write(ref uint location, uint value)
    {
        Simulation.Current.ChoicePoint();
        Ordered.Write(ref location, value);
        Simulation.Current.ChoicePoint();
    }

    public static long Read(ref readonly long location)
    {
        Simulation.Current.ChoicePoint();
        return Ordered.Read(in location);
    }

    public static void Write(ref long location, long value)
    {
        Simulation.Current.ChoicePoint();
        Ordered.Write(ref location, value);
        Simulation.Current.ChoicePoint();
    }

    public static ulong Read(ref readonly ulong location)
    {
        Simulation.Current.ChoicePoint();
        return Ordered.Read(in location);
    }

    public static void Write(ref ulong location, ulong value)
    {
        Simulation.Current.ChoicePoint();
        Ordered.Write(ref location, value);
        Simulation.Current.ChoicePoint();
    }

    public static nint Read(ref readonly nint location)
    {
        Simulation.Current.ChoicePoint();
        return Ordered.Read(in location);
    }

    public static void Write(ref nint location, nint value)
    {
        Simulation.Current.ChoicePoint();
        Ordered.Write(ref location, value);
        Simulation.Current.ChoicePoint();
    }

    public static nuint Read(ref readonly nuint location)
    {
        Simulation.Current.ChoicePoint();
        return Ordered.Read(in location);
    }

    public static void Write(ref nuint location, nuint value)
    {
        Simulation.Current.ChoicePoint();
        Ordered.Write(ref location, value);
        Simulation.Current.ChoicePoint();
    }

    public static T Read<T>(ref readonly T location)
        where T : class?
    {
        Simulation.Current.ChoicePoint();
        return Ordered.Read(in location);
    }

    public static void Write<T>(ref T location, T value)
        where T : class?
    {
        Ordered.Write(ref location, value);
        Simulation.Current.ChoicePoint();
    }
}
