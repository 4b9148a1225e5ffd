namespace Cashew.Tool.Testing;

using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using Cashew.Tool.Images;

/// <summary>An archive that is right, and what can happen to it on its way to a kernel.</summary>
/// <source>cpio(5), "New ASCII Format"; RFC 1952.</source>
internal static class BadArchives
{
    private const int HeaderBytes = 110;
    private const int MagicBytes = 6;
    private const int FieldBytes = 8;
    private const int FileSizeField = 6;
    private const int NameSizeField = 11;

    // Of the file in the middle: several pages, and not a whole number of them.
    private const int DataBytes = 20_011;
    private const string DataName = "data";
    private const int Executable = 0x1ED;

    // The checksum and the length, four bytes each.
    private const int GzipTrailerBytes = 8;

    internal static byte[] Empty => Write(_ => { });

    /// <summary>Without an init, and without a directory where one would be looked for.</summary>
    internal static byte[] WithoutInit =>
        Write(archive => archive.AddFile(DataName, Executable, Noise(DataBytes)));

    internal static byte[] Truncated => Whole()[..(HeaderOf(Whole(), DataName) + (DataBytes / 2))];

    internal static byte[] WithBadMagic => With(Whole(), DataName, at: 0, "070709");

    internal static byte[] WithHugeFile => With(Whole(), DataName, Field(FileSizeField), "FFFFFFFF");

    internal static byte[] WithHugeName => With(Whole(), DataName, Field(NameSizeField), "FFFFFFFF");

    // Beginning with neither a digit, a NUL, nor what gzip begins with.
    internal static byte[] Random => [0xA5, .. Noise(1 << 16)];

    internal static byte[] TruncatedGzip
    {
        get
        {
            byte[] whole = Compress(Whole());
            return whole[..(whole.Length / 2)];
        }
    }

    internal static byte[] GzipWithBadChecksum
    {
        get
        {
            byte[] bytes = Compress(Whole());
            bytes[^GzipTrailerBytes] ^= 1;
            return bytes;
        }
    }

    /// <summary>An archive with nothing but an init of these contents.</summary>
    internal static byte[] WithInit(ReadOnlySpan<byte> contents)
    {
        byte[] copy = contents.ToArray();
        return Write(archive => archive.AddFile("init", Executable, copy));
    }

    /// <summary>What an ELF file begins with, and nothing behind it that makes sense.</summary>
    internal static byte[] FalseElf => [0x7F, (byte)'E', (byte)'L', (byte)'F', .. Noise(DataBytes)];

    /// <summary>Files whose names lead out of the root, if there is anything outside.</summary>
    internal static byte[] WithNamesThatClimb => Write(archive =>
    {
        archive.AddFile("../../climbed", Executable, "climbed"u8);
        archive.AddFile("tmp/../../../../etc/../also-climbed", Executable, "climbed"u8);
        archive.AddSymlink("tmp/up", "../../../..");
        archive.AddFile("tmp/up/by-link", Executable, "climbed"u8);
    });

    private static byte[] Whole() => Write(archive =>
    {
        archive.AddDirectory("bin", Executable);
        archive.AddFile(DataName, Executable, Noise(DataBytes));
        archive.AddFile("init", Executable, "#!/bin/sh\n"u8);
    });

    private static byte[] Write(Action<CpioWriter> fill)
    {
        using MemoryStream output = new();
        using (CpioWriter archive = new(output))
            fill(archive);
        return output.ToArray();
    }

    private static byte[] Compress(byte[] bytes)
    {
        using MemoryStream output = new();
        using (GZipStream gzip = new(output, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return output.ToArray();
    }

    private static int Field(int index) => MagicBytes + (index * FieldBytes);

    /// <summary>The archive with some characters of an entry's header replaced.</summary>
    private static byte[] With(byte[] archive, string entry, int at, string text)
    {
        Encoding.ASCII.GetBytes(text).CopyTo(archive, HeaderOf(archive, entry) + at);
        return archive;
    }

    private static int HeaderOf(ReadOnlySpan<byte> archive, string entry) =>
        archive.IndexOf(Encoding.ASCII.GetBytes(entry + "\0")) - HeaderBytes;

    // The same on every run, and nothing that compresses.
    private static byte[] Noise(int count)
    {
        uint state = 2463534242;
        return Enumerable.Range(0, count).Select(_ => Next(ref state)).ToArray();
    }

    /// <source>G. Marsaglia, Xorshift RNGs, 2003.</source>
    private static byte Next(ref uint state)
    {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        return (byte)(state >> 24);
    }
}
