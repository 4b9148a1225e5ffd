using System.Collections.Generic;
using System.Numerics;

namespace System;

/// <summary>
/// Mixes hash codes. Unlike stock .NET's it is not seeded: a table whose keys an attacker picks mixes a
/// secret in.
/// </summary>
public struct HashCode
{
    // Odd constants of high entropy: 2^64 / golden ratio, and Steele and Vigna's best 64-bit multiplier.
    private const ulong Start = 0x9E37_79B9_7F4A_7C15;
    private const ulong Multiplier = 0xD134_2543_DE82_EF95;

    private ulong _state;

    public static int Combine<T1>(T1 value1)
    {
        HashCode hash = default;
        hash.Add(value1);
        return hash.ToHashCode();
    }

    public static int Combine<T1, T2>(T1 value1, T2 value2)
    {
        HashCode hash = default;
        hash.Add(value1);
        hash.Add(value2);
        return hash.ToHashCode();
    }

    public static int Combine<T1, T2, T3>(T1 value1, T2 value2, T3 value3)
    {
        HashCode hash = default;
        hash.Add(value1);
        hash.Add(value2);
        hash.Add(value3);
        return hash.ToHashCode();
    }

    public static int Combine<T1, T2, T3, T4>(T1 value1, T2 value2, T3 value3, T4 value4)
    {
        HashCode hash = default;
        hash.Add(value1);
        hash.Add(value2);
        hash.Add(value3);
        hash.Add(value4);
        return hash.ToHashCode();
    }

    public static int Combine<T1, T2, T3, T4, T5>(T1 value1, T2 value2, T3 value3, T4 value4, T5 value5)
    {
        HashCode hash = default;
        hash.Add(value1);
        hash.Add(value2);
        hash.Add(value3);
        hash.Add(value4);
        hash.Add(value5);
        return hash.ToHashCode();
    }

    public static int Combine<T1, T2, T3, T4, T5, T6>(
        T1 value1, T2 value2, T3 value3, T4 value4, T5 value5, T6 value6)
    {
        HashCode hash = default;
        hash.Add(value1);
        hash.Add(value2);
        hash.Add(value3);
        hash.Add(value4);
        hash.Add(value5);
        hash.Add(value6);
        return hash.ToHashCode();
    }

    public void Add<T>(T value) =>
        Mix((uint)(value is null ? 0 : EqualityComparer<T>.Default.GetHashCode(value)));

    public void Add<T>(T value, IEqualityComparer<T>? comparer) =>
        Mix((uint)(value is null ? 0 : (comparer ?? EqualityComparer<T>.Default).GetHashCode(value)));

    public void AddBytes(ReadOnlySpan<byte> value)
    {
        while (value.Length >= sizeof(ulong))
        {
            Mix(Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(value));
            value = value.Slice(sizeof(ulong));
        }

        foreach (byte rest in value)
        {
            Mix(rest);
        }
    }

    public readonly int ToHashCode()
    {
        // The high bits have seen every input bit; fold them onto the low ones, which tables use.
        ulong mixed = (_state ^ (_state >> 32)) * Multiplier;
        return (int)(mixed >> 32);
    }

    private void Mix(ulong value) =>
        _state = BitOperations.RotateLeft((_state ^ value) + Start, 23) * Multiplier;
}
