using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace System.Numerics;

/// <summary>Counting, finding and rotating bits; each is an instruction or two.</summary>
public static class BitOperations
{
    public static bool IsPow2(int value) => value > 0 && (value & (value - 1)) == 0;

    public static bool IsPow2(uint value) => value != 0 && (value & (value - 1)) == 0;

    public static bool IsPow2(long value) => value > 0 && (value & (value - 1)) == 0;

    public static bool IsPow2(ulong value) => value != 0 && (value & (value - 1)) == 0;

    public static bool IsPow2(nint value) => value > 0 && (value & (value - 1)) == 0;

    public static bool IsPow2(nuint value) => value != 0 && (value & (value - 1)) == 0;

    /// <summary>
    /// The value itself when it is a power of two; zero for zero and when the result does not fit.
    /// </summary>
    public static uint RoundUpToPowerOf2(uint value)
    {
        if (value - 1 >= 0x8000_0000)
        {
            return 0;
        }

        return (uint)(0x1_0000_0000ul >> LeadingZeroCount(value - 1));
    }

    /// <inheritdoc cref="RoundUpToPowerOf2(uint)"/>
    public static ulong RoundUpToPowerOf2(ulong value)
    {
        if (value <= 1)
        {
            return value;
        }

        int shift = 64 - LeadingZeroCount(value - 1);
        return shift == 64 ? 0 : 1ul << shift;
    }

    public static nuint RoundUpToPowerOf2(nuint value) => (nuint)RoundUpToPowerOf2((ulong)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LeadingZeroCount(uint value) =>
        value == 0 ? 32 : 31 ^ (int)X86Base.BitScanReverse(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LeadingZeroCount(ulong value) =>
        value == 0 ? 64 : 63 ^ (int)X86Base.X64.BitScanReverse(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LeadingZeroCount(nuint value) => LeadingZeroCount((ulong)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TrailingZeroCount(int value) => TrailingZeroCount((uint)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TrailingZeroCount(uint value) => value == 0 ? 32 : (int)X86Base.BitScanForward(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TrailingZeroCount(long value) => TrailingZeroCount((ulong)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TrailingZeroCount(ulong value) =>
        value == 0 ? 64 : (int)X86Base.X64.BitScanForward(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TrailingZeroCount(nint value) => TrailingZeroCount((ulong)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TrailingZeroCount(nuint value) => TrailingZeroCount((ulong)value);

    /// <summary>The position of the highest bit; zero for zero, as in .NET.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Log2(uint value) => (int)X86Base.BitScanReverse(value | 1);

    /// <inheritdoc cref="Log2(uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Log2(ulong value) => (int)X86Base.X64.BitScanReverse(value | 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Log2(nuint value) => Log2((ulong)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PopCount(uint value) => (int)Popcnt.PopCount(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PopCount(ulong value) => (int)Popcnt.X64.PopCount(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PopCount(nuint value) => (int)Popcnt.X64.PopCount(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint RotateLeft(uint value, int offset) => (value << offset) | (value >> (32 - offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong RotateLeft(ulong value, int offset) => (value << offset) | (value >> (64 - offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint RotateRight(uint value, int offset) => (value >> offset) | (value << (32 - offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong RotateRight(ulong value, int offset) => (value >> offset) | (value << (64 - offset));
}
