using System;
using System.Buffers.Binary;

namespace Cashew.Files.Compression;

/// <summary>The checksum of gzip, eight bytes at a time: an archive is checked as fast as it is
/// inflated.</summary>
/// <remarks>Table n holds what a byte becomes when n more bytes of zeros follow it, so that the contributions
/// of eight bytes are found independently of each other.</remarks>
/// <source>RFC 1952, section 8.</source>
internal sealed class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private const int Values = 256;
    private const int Stride = 8;

    private readonly uint[] _tables = new uint[Stride * Values];

    internal Crc32()
    {
        for (int value = 0; value < Values; value++)
        {
            uint state = (uint)value;
            for (int bit = 0; bit < 8; bit++) state = (state >> 1) ^ ((state & 1) != 0 ? Polynomial : 0);
            _tables[value] = state;
        }

        for (int i = Values; i < _tables.Length; i++)
        {
            uint shorter = _tables[i - Values];
            _tables[i] = (shorter >> 8) ^ _tables[(int)(shorter & 0xFF)];
        }
    }

    internal uint Value { get; private set; }

    internal void Reset() => Value = 0;

    internal void Add(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<uint> tables = _tables;
        uint state = ~Value;
        for (; bytes.Length >= Stride; bytes = bytes[Stride..])
        {
            ulong next = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ state;
            state = 0;
            for (int i = Stride - 1; i >= 0; i--)
            {
                state ^= tables[i * Values + (int)(next & 0xFF)];
                next >>= 8;
            }
        }

        foreach (byte value in bytes) state = (state >> 8) ^ tables[(int)((state ^ value) & 0xFF)];
        Value = ~state;
    }
}
