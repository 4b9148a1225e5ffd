using System;
using System.Buffers.Binary;
using Cashew.Machine;

namespace Cashew.Files.Compression;

/// <summary>What stands before the compressed data in a gzip file.</summary>
/// <source>RFC 1952, section 2.3.</source>
internal static class GzipHeader
{
    private const int FixedBytes = 10;
    private const int MethodOffset = 2;
    private const int FlagsOffset = 3;
    private const byte Deflate = 8;
    private const byte HasHeaderCrc = 1 << 1;
    private const byte HasExtra = 1 << 2;
    private const byte HasName = 1 << 3;
    private const byte HasComment = 1 << 4;
    private const byte Reserved = 0b1110_0000;

    // Bytes looked at together.
    private const int PieceBytes = 4096;

    internal static bool IsMagic(ReadOnlySpan<byte> start)
        => start.Length >= 2 && start[0] == 0x1F && start[1] == 0x8B;

    /// <summary>Where the compressed data begins.</summary>
    /// <param name="crc">For the header's own checksum, if it has one.</param>
    internal static InflateStatus Parse(BootModule module, long start, Crc32 crc, out long data)
    {
        data = start + FixedBytes;
        if (data > module.LengthBytes) return InflateStatus.Truncated;

        ReadOnlySpan<byte> header = module.Bytes(start, FixedBytes);
        byte flags = header[FlagsOffset];
        bool isKnown = IsMagic(header) && header[MethodOffset] == Deflate && (flags & Reserved) == 0;
        if (!isKnown) return InflateStatus.Corrupt;

        bool isWhole = (flags & HasExtra) == 0 || TrySkipExtra(module, ref data);
        if (isWhole && (flags & HasName) != 0) isWhole = TrySkipText(module, ref data);
        if (isWhole && (flags & HasComment) != 0) isWhole = TrySkipText(module, ref data);
        if (!isWhole) return InflateStatus.Truncated;
        return (flags & HasHeaderCrc) == 0 ? InflateStatus.Running : CheckCrc(module, start, crc, ref data);
    }

    private static bool TrySkipExtra(BootModule module, ref long data)
    {
        if (data + sizeof(ushort) > module.LengthBytes) return false;
        data += sizeof(ushort) + BinaryPrimitives.ReadUInt16LittleEndian(module.Bytes(data, sizeof(ushort)));
        return data <= module.LengthBytes;
    }

    private static bool TrySkipText(BootModule module, ref long data)
    {
        while (data < module.LengthBytes)
        {
            int length = (int)Math.Min(PieceBytes, module.LengthBytes - data);
            int end = module.Bytes(data, length).IndexOf((byte)0);
            data += end < 0 ? length : end + 1;
            if (end >= 0) return true;
        }

        return false;
    }

    // Its low half over all that stands before it.
    private static InflateStatus CheckCrc(BootModule module, long start, Crc32 crc, ref long data)
    {
        long end = data;
        data += sizeof(ushort);
        if (data > module.LengthBytes) return InflateStatus.Truncated;

        crc.Reset();
        for (long at = start; at < end; at += PieceBytes)
        {
            crc.Add(module.Bytes(at, (int)Math.Min(PieceBytes, end - at)));
        }

        ushort expected = BinaryPrimitives.ReadUInt16LittleEndian(module.Bytes(end, sizeof(ushort)));
        return (ushort)crc.Value == expected ? InflateStatus.Running : InflateStatus.Mismatch;
    }
}
