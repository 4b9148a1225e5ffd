namespace System;

/// <summary>Integers only: the kernel has no floating point.</summary>
public static class Math
{
    public static byte Min(byte val1, byte val2) => val1 <= val2 ? val1 : val2;

    public static sbyte Min(sbyte val1, sbyte val2) => val1 <= val2 ? val1 : val2;

    public static short Min(short val1, short val2) => val1 <= val2 ? val1 : val2;

    public static ushort Min(ushort val1, ushort val2) => val1 <= val2 ? val1 : val2;

    public static int Min(int val1, int val2) => val1 <= val2 ? val1 : val2;

    public static uint Min(uint val1, uint val2) => val1 <= val2 ? val1 : val2;

    public static long Min(long val1, long val2) => val1 <= val2 ? val1 : val2;

    public static ulong Min(ulong val1, ulong val2) => val1 <= val2 ? val1 : val2;

    public static nint Min(nint val1, nint val2) => val1 <= val2 ? val1 : val2;

    public static nuint Min(nuint val1, nuint val2) => val1 <= val2 ? val1 : val2;

    public static byte Max(byte val1, byte val2) => val1 >= val2 ? val1 : val2;

    public static sbyte Max(sbyte val1, sbyte val2) => val1 >= val2 ? val1 : val2;

    public static short Max(short val1, short val2) => val1 >= val2 ? val1 : val2;

    public static ushort Max(ushort val1, ushort val2) => val1 >= val2 ? val1 : val2;

    public static int Max(int val1, int val2) => val1 >= val2 ? val1 : val2;

    public static uint Max(uint val1, uint val2) => val1 >= val2 ? val1 : val2;

    public static long Max(long val1, long val2) => val1 >= val2 ? val1 : val2;

    public static ulong Max(ulong val1, ulong val2) => val1 >= val2 ? val1 : val2;

    public static nint Max(nint val1, nint val2) => val1 >= val2 ? val1 : val2;

    public static nuint Max(nuint val1, nuint val2) => val1 >= val2 ? val1 : val2;

    public static byte Clamp(byte value, byte min, byte max)
    {
        if (min > max)
        {
            ThrowHelper.Argument("the bounds are the wrong way round");
        }

        return value < min ? min : value > max ? max : value;
    }

    public static sbyte Clamp(sbyte value, sbyte min, sbyte max)
    {
        if (min > max)
        {
            ThrowHelper.Argument("the bounds are the wrong way round");
        }

        return value < min ? min : value > max ? max : value;
    }

    public static short Clamp(short value, short min, short max)
    {
        if (min > max)
        {
            ThrowHelper.Argument("the bounds are the wrong way round");
        }

        return value < min ? min : value > max ? max : value;
    }

    public static ushort Clamp(ushort value, ushort min, ushort max)
    {
        if (min > max)
        {
            ThrowHelper.Argument("the bounds are the wrong way round");
        }

        return value < min ? min : value > max ? max : value;
    }

    public static int Clamp(int value, int min, int max)
    {
        if (min > max)
        {
            ThrowHelper.Argument("the bounds are the wrong way round");
        }

        return value < min ? min : value > max ? max : value;
    }

    public static uint Clamp(uint value, uint min, uint max)
    {
        if (min > max)
        {
            ThrowHelper.Argument("the bounds are the wrong way round");
        }

        return value < min ? min : value > max ? max : value;
    }

    public static long Clamp(long value, long min, long max)
    {
        if (min > max)
        {
            ThrowHelper.Argument("the bounds are the wrong way round");
        }

        return value < min ? min : value > max ? max : value;
    }

    public static ulong Clamp(ulong value, ulong min, ulong max)
    {
        if (min > max)
        {
            ThrowHelper.Argument("the bounds are the wrong way round");
        }

        return value < min ? min : value > max ? max : value;
    }

    public static nint Clamp(nint value, nint min, nint max)
    {
        if (min > max)
        {
            ThrowHelper.Argument("the bounds are the wrong way round");
        }

        return value < min ? min : value > max ? max : value;
    }

    public static nuint Clamp(nuint value, nuint min, nuint max)
    {
        if (min > max)
        {
            ThrowHelper.Argument("the bounds are the wrong way round");
        }

        return value < min ? min : value > max ? max : value;
    }

    public static sbyte Abs(sbyte value)
    {
        if (value >= 0)
        {
            return value;
        }

        // The smallest number has no positive counterpart.
        if (value == sbyte.MinValue)
        {
            ThrowHelper.Overflow();
        }

        return (sbyte)-value;
    }

    public static short Abs(short value)
    {
        if (value >= 0)
        {
            return value;
        }

        // The smallest number has no positive counterpart.
        if (value == short.MinValue)
        {
            ThrowHelper.Overflow();
        }

        return (short)-value;
    }

    public static int Abs(int value)
    {
        if (value >= 0)
        {
            return value;
        }

        // The smallest number has no positive counterpart.
        if (value == int.MinValue)
        {
            ThrowHelper.Overflow();
        }

        return -value;
    }

    public static long Abs(long value)
    {
        if (value >= 0)
        {
            return value;
        }

        // The smallest number has no positive counterpart.
        if (value == long.MinValue)
        {
            ThrowHelper.Overflow();
        }

        return -value;
    }

    public static nint Abs(nint value)
    {
        if (value >= 0)
        {
            return value;
        }

        // The smallest number has no positive counterpart.
        if (value == nint.MinValue)
        {
            ThrowHelper.Overflow();
        }

        return -value;
    }

    public static int Sign(sbyte value) => value < 0 ? -1 : value > 0 ? 1 : 0;

    public static int Sign(short value) => value < 0 ? -1 : value > 0 ? 1 : 0;

    public static int Sign(int value) => value < 0 ? -1 : value > 0 ? 1 : 0;

    public static int Sign(long value) => value < 0 ? -1 : value > 0 ? 1 : 0;

    public static int Sign(nint value) => value < 0 ? -1 : value > 0 ? 1 : 0;

    public static (byte Quotient, byte Remainder) DivRem(byte left, byte right)
    {
        byte quotient = (byte)(left / right);
        return (quotient, (byte)(left - quotient * right));
    }

    public static (sbyte Quotient, sbyte Remainder) DivRem(sbyte left, sbyte right)
    {
        sbyte quotient = (sbyte)(left / right);
        return (quotient, (sbyte)(left - quotient * right));
    }

    public static (short Quotient, short Remainder) DivRem(short left, short right)
    {
        short quotient = (short)(left / right);
        return (quotient, (short)(left - quotient * right));
    }

    public static (ushort Quotient, ushort Remainder) DivRem(ushort left, ushort right)
    {
        ushort quotient = (ushort)(left / right);
        return (quotient, (ushort)(left - quotient * right));
    }

    public static (int Quotient, int Remainder) DivRem(int left, int right)
    {
        int quotient = left / right;
        return (quotient, left - quotient * right);
    }

    public static (uint Quotient, uint Remainder) DivRem(uint left, uint right)
    {
        uint quotient = left / right;
        return (quotient, left - quotient * right);
    }

    public static (long Quotient, long Remainder) DivRem(long left, long right)
    {
        long quotient = left / right;
        return (quotient, left - quotient * right);
    }

    public static (ulong Quotient, ulong Remainder) DivRem(ulong left, ulong right)
    {
        ulong quotient = left / right;
        return (quotient, left - quotient * right);
    }

    public static (nint Quotient, nint Remainder) DivRem(nint left, nint right)
    {
        nint quotient = left / right;
        return (quotient, left - quotient * right);
    }

    public static (nuint Quotient, nuint Remainder) DivRem(nuint left, nuint right)
    {
        nuint quotient = left / right;
        return (quotient, left - quotient * right);
    }

    public static int DivRem(int a, int b, out int result)
    {
        int quotient = a / b;
        result = a - quotient * b;
        return quotient;
    }

    public static long DivRem(long a, long b, out long result)
    {
        long quotient = a / b;
        result = a - quotient * b;
        return quotient;
    }

    public static long BigMul(int a, int b) => (long)a * b;

    public static ulong BigMul(uint a, uint b) => (ulong)a * b;

    /// <summary>The full product: returns its high half.</summary>
    public static ulong BigMul(ulong a, ulong b, out ulong low)
    {
        // Schoolbook multiplication in halves; the middle sum cannot overflow 64 bits.
        ulong aLow = (uint)a;
        ulong aHigh = a >> 32;
        ulong bLow = (uint)b;
        ulong bHigh = b >> 32;
        ulong lowProduct = aLow * bLow;
        ulong middle = aHigh * bLow + (lowProduct >> 32);
        ulong otherMiddle = aLow * bHigh + (uint)middle;
        low = a * b;
        return aHigh * bHigh + (middle >> 32) + (otherMiddle >> 32);
    }

    /// <summary>The full product: returns its high half.</summary>
    public static long BigMul(long a, long b, out long low)
    {
        // Two's complement: a negative factor counts 2^64 too much in the unsigned product.
        ulong high = BigMul((ulong)a, (ulong)b, out ulong unsignedLow);
        low = (long)unsignedLow;
        return (long)high - ((a >> 63) & b) - ((b >> 63) & a);
    }

    // Named by the compiler, which prepares for checked conversions from floating point before it knows the
    // operand's type. There is none in the kernel.
    private static int ConvertToInt32Checked(double value) => throw new NotSupportedException();

    private static uint ConvertToUInt32Checked(double value) => throw new NotSupportedException();

    private static long ConvertToInt64Checked(double value) => throw new NotSupportedException();

    private static ulong ConvertToUInt64Checked(double value) => throw new NotSupportedException();
}
