using System;
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

    internal static bool IsMagic(ReadOnlySpan<byte> start) => start.Length >= 2 && start[0] == 0x1F && start[1] == 0x8B;

    /// <summary>Where the compressed data begins.</summary>
    internal static InflateStatus Parse(BootModule module, long start, out long data)
    {
        data = start + FixedBytes;
        if (data > module.LengthBytes) return InflateStatus.Truncated;

        ReadOnlySpan<byte> header = module.Bytes(start, FixedBytes);
        byte flags = header[FlagsOffset];
        if (header[MethodOffset] != Deflate || (flags & Reserved) != 0) return InflateStatus.Corrupt;

        bool isWhole = (flags & HasExtra) == 0 || TrySkipExtra(module, ref data);
        if (isWhole && (flags & HasName) != 0) isWhole = TrySkipText(module, ref data);
        if (isWhole && (flags & HasComment) != 0) isWhole = TrySkipText(module, ref data);
        if ((flags & HasHeaderCrc) != 0) data += sizeof(ushort);
        return isWhole && data <= module.LengthBytes ? InflateStatus.Running : InflateStatus.Truncated;
    }

    private static bool TrySkipExtra(BootModule module, ref long data)
    {
        if (data + sizeof(ushort) > module.LengthBytes) return false;
        ReadOnlySpan<byte> length = module.Bytes(data, sizeof(ushort));
        data += sizeof(ushort) + length[0] + (length[1] << 8);
        return data <= module.LengthBytes;
    }

    private static bool TrySkipText(BootModule module, ref long data)
    {
        while (data < module.LengthBytes)
        {
            if (module.Bytes(data++, 1)[0] == 0) return true;
        }

        return false;
    }
}
