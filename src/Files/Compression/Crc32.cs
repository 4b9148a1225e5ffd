using System;

namespace Cashew.Files.Compression;

/// <summary>The checksum of gzip, four bits at a time: its table fits into a cache line, and archives are
/// unpacked once.</summary>
/// <source>RFC 1952, section 8.</source>
internal struct Crc32
{
    private uint _state;

    private static ReadOnlySpan<uint> Table =>
    [
        0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
        0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C,
    ];

    internal readonly uint Value => _state;

    internal void Add(ReadOnlySpan<byte> bytes)
    {
        uint state = ~_state;
        foreach (byte value in bytes)
        {
            state ^= value;
            state = (state >> 4) ^ Table[(int)(state & 15)];
            state = (state >> 4) ^ Table[(int)(state & 15)];
        }

        _state = ~state;
    }
}
