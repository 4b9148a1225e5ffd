using System;

namespace Cashew.Files.Systems;

/// <summary>The checksum of a file's data in the format 070702; nothing in the other, whose data is not
/// looked at.
/// </summary>
/// <source>initramfs buffer format, c_chksum: the sum of all bytes, modulo 2^32.</source>
internal struct DataSum(bool isWanted, uint expected)
{
    private readonly uint _expected = expected;
    private uint _sum;

    internal bool IsWanted { get; } = isWanted;

    internal readonly bool IsRight => !IsWanted || _sum == _expected;

    internal void Add(ReadOnlySpan<byte> data)
    {
        if (!IsWanted) return;
        uint sum = _sum;
        foreach (byte value in data) sum += value;
        _sum = sum;
    }
}
