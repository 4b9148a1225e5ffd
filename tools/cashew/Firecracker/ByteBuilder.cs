namespace Cashew.Tool.Firecracker;

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

/// <summary>Puts binary tables together, the low byte first; every call returns the builder.</summary>
internal sealed class ByteBuilder
{
    private readonly List<byte> _bytes = [];

    internal int Length => _bytes.Count;

    internal ByteBuilder Byte(int value) => Append([(byte)value]);

    internal ByteBuilder Word(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        return Append(bytes);
    }

    internal ByteBuilder Dword(uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Append(bytes);
    }

    internal ByteBuilder Qword(ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return Append(bytes);
    }

    internal ByteBuilder Text(string text) => Append(Encoding.ASCII.GetBytes(text));

    internal ByteBuilder Append(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    internal ByteBuilder Zeros(int count) => Append(new byte[count]);

    internal ByteBuilder ZerosTo(int offset) => Zeros(offset - Length);

    internal byte[] ToArray() => [.. _bytes];

    /// <summary>The bytes, with the one at an offset chosen so that the sum of all is zero.</summary>
    internal byte[] ToArraySumZero(int sumOffset)
    {
        byte[] bytes = ToArray();
        SetSum(bytes, sumOffset);
        return bytes;
    }

    internal static void SetSum(Span<byte> bytes, int sumOffset)
    {
        int sum = -bytes[sumOffset];
        foreach (byte value in bytes)
            sum += value;
        bytes[sumOffset] = (byte)-sum;
    }
}
