using System;
using System.IO;
using System.IO.Compression;
using Cashew.Files.Compression;
using Cashew.Machine;
using Xunit;

namespace Cashew.Host.Files;

// Headers, checksums and lengths of gzip.
public sealed class GzipReaderTests
{
    private const int FlagsOffset = 3;
    private const int HeaderBytes = 10;

    [Fact]
    public void Members_are_read_one_after_the_other()
    {
        byte[][] data = [Sample.Make("text"), Sample.Make("empty"), Sample.Make("random"), Sample.Make("short")];
        using MemoryStream file = new();
        foreach (byte[] part in data) file.Write(Gzip(part));

        GzipReader reader = new(new BootModule(file.ToArray()));
        long position = 0;
        foreach (byte[] part in data)
        {
            Assert.Equal(part, ReadAll(reader, position));
            Assert.Equal(InflateStatus.Finished, reader.Status);
            position = reader.End;
        }

        Assert.Equal(file.Length, position);
    }

    [Fact]
    public void Matches_do_not_reach_into_the_member_before()
    {
        // A match of length 3 at distance 1, as the first thing of a stream.
        byte[] hostile = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0x03, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        byte[] first = Gzip(Sample.Make("text"));
        GzipReader reader = new(new BootModule([.. first, .. hostile]));
        _ = ReadAll(reader, 0);
        Assert.Empty(ReadAll(reader, reader.End));
        Assert.Equal(InflateStatus.Corrupt, reader.Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(2)]
    [InlineData(31)]
    public void Optional_header_fields_are_skipped(byte flags)
    {
        byte[] data = Sample.Make("short");
        byte[] file = WithHeader(Gzip(data), flags);
        GzipReader reader = new(new BootModule(file));
        Assert.Equal(data, ReadAll(reader, 0));
        Assert.Equal(InflateStatus.Finished, reader.Status);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(31)]
    public void A_damaged_header_has_a_wrong_checksum(byte flags)
    {
        byte[] file = WithHeader(Gzip(Sample.Make("short")), flags);
        file[5] ^= 1;
        Assert.Equal(InflateStatus.Mismatch, StatusOf(file));
    }

    [Theory]
    [InlineData(0, 0x1E)]
    [InlineData(2, 7)]
    [InlineData(FlagsOffset, 0x20)]
    public void Another_format_is_corrupt(int offset, byte value)
    {
        byte[] file = Gzip(Sample.Make("short"));
        file[offset] = value;
        Assert.Equal(InflateStatus.Corrupt, StatusOf(file));
    }

    [Fact]
    public void Every_truncation_is_noticed()
    {
        byte[] file = WithHeader(Gzip(Sample.Make("short")), 31);
        for (int length = 0; length < file.Length; length++)
        {
            Assert.Equal(InflateStatus.Truncated, StatusOf(file.AsSpan(0, length).ToArray()));
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(5)]
    [InlineData(4)]
    [InlineData(1)]
    public void A_wrong_checksum_or_length_is_noticed(int fromEnd)
    {
        byte[] file = Gzip(Sample.Make("text"));
        file[^fromEnd] ^= 0x10;
        Assert.Equal(InflateStatus.Mismatch, StatusOf(file));
    }

    [Theory]
    [InlineData("")]
    [InlineData("123456789")]
    public void Checksums_of_known_texts(string text)
    {
        Crc32 crc = new();
        crc.Add(System.Text.Encoding.ASCII.GetBytes(text));
        Assert.Equal(text.Length == 0 ? 0 : 0xCBF43926, crc.Value);
    }

    [Fact]
    public void Checksums_do_not_depend_on_the_pieces()
    {
        byte[] data = Sample.Make("random");
        Crc32 whole = new();
        whole.Add(data);
        Random random = new(5);
        Crc32 pieces = new();
        int length;
        for (int at = 0; at < data.Length; at += length)
        {
            length = Math.Min(random.Next(40), data.Length - at);
            pieces.Add(data.AsSpan(at, length));
        }

        Assert.Equal(whole.Value, pieces.Value);
    }

    internal static byte[] Gzip(byte[] data, CompressionLevel level = CompressionLevel.Optimal)
    {
        using MemoryStream output = new();
        using (GZipStream gzip = new(output, level)) gzip.Write(data);

        // .NET writes nothing for nothing.
        byte[] file = output.ToArray();
        return file.Length > 0 ? file : [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    }

    private static byte[] WithHeader(byte[] file, byte flags)
    {
        using MemoryStream output = new();
        output.Write(file.AsSpan(0, HeaderBytes));
        if ((flags & 4) != 0) output.Write([5, 0, 1, 2, 3, 0, 5]);
        if ((flags & 8) != 0) output.Write("name\0"u8);
        if ((flags & 16) != 0) output.Write("comment\0"u8);
        byte[] header = output.ToArray();
        header[FlagsOffset] = flags;
        Crc32 crc = new();
        crc.Add(header);
        byte[] sum = (flags & 2) != 0 ? [(byte)crc.Value, (byte)(crc.Value >> 8)] : [];
        return [.. header, .. sum, .. file.AsSpan(HeaderBytes)];
    }

    private static InflateStatus StatusOf(byte[] file)
    {
        GzipReader reader = new(new BootModule(file));
        _ = ReadAll(reader, 0);
        return reader.Status;
    }

    private static byte[] ReadAll(GzipReader reader, long position)
    {
        reader.Begin(position);
        using MemoryStream output = new();
        byte[] piece = new byte[1000];
        while (reader.Status == InflateStatus.Running) output.Write(piece, 0, reader.Read(piece));
        return output.ToArray();
    }
}
