using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using Cashew.Files.Compression;
using Cashew.Machine;
using Xunit;

namespace Cashew.Host.Files;

// Deflate against .NET's own.
public sealed class InflaterTests
{
    // Of the output at a time: smaller than a match, a page, and more than the window.
    private static readonly int[] s_steps = [1, 7, 258, 4096, 100_000];

    public static TheoryData<string, CompressionLevel> Samples
    {
        get
        {
            TheoryData<string, CompressionLevel> samples = [];
            foreach (string name in Sample.Names)
            {
                samples.Add(name, CompressionLevel.NoCompression);
                samples.Add(name, CompressionLevel.Fastest);
                samples.Add(name, CompressionLevel.SmallestSize);
            }

            return samples;
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void What_was_deflated_comes_out_again(string name, CompressionLevel level)
    {
        byte[] data = Sample.Make(name);
        byte[] deflated = Deflate(data, level);
        foreach (int step in s_steps)
        {
            if (step == 1 && data.Length > 300_000) continue;
            (byte[] output, InflateStatus status, long end) = Inflate(deflated, step);
            Assert.Equal(InflateStatus.Finished, status);
            Assert.Equal(deflated.Length, end);
            Assert.True(data.AsSpan().SequenceEqual(output), $"step {step}");
        }
    }

    [Fact]
    public void Samples_use_all_kinds_of_blocks()
    {
        HashSet<int> kinds = [];
        foreach ((string name, CompressionLevel level) in new[]
        {
            ("random", CompressionLevel.NoCompression), ("short", CompressionLevel.SmallestSize),
            ("text", CompressionLevel.SmallestSize),
        })
        {
            kinds.Add(Deflate(Sample.Make(name), level)[0] >> 1 & 3);
        }

        Assert.Equal([0, 1, 2], kinds.Order());
    }

    [Fact]
    public void Codes_longer_than_the_table_are_found()
    {
        // Symbols as often as Fibonacci's numbers say get codes of every length up to the longest, fifteen
        // bits.
        List<byte> data = [];
        (int count, int next) = (1, 1);
        for (byte symbol = 0; symbol < 20; symbol++)
        {
            for (int i = 0; i < count; i++) data.Add(symbol);
            (count, next) = (next, count + next);
        }

        byte[] shuffled = data.ToArray();
        new Random(3).Shuffle(shuffled);
        byte[] deflated = Deflate(shuffled, CompressionLevel.SmallestSize);
        (byte[] output, InflateStatus status, _) = Inflate(deflated, 4096);
        Assert.Equal(InflateStatus.Finished, status);
        Assert.Equal(shuffled, output);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("random")]
    [InlineData("short")]
    public void Every_truncation_is_noticed(string name)
    {
        byte[] deflated = Deflate(Sample.Make(name), CompressionLevel.SmallestSize);
        for (int length = 0; length < deflated.Length; length += 1 + deflated.Length / 500)
        {
            (_, InflateStatus status, _) = Inflate(deflated.AsSpan(0, length).ToArray(), 4096);
            Assert.Equal(InflateStatus.Truncated, status);
        }
    }

    [Theory]
    [InlineData("reserved block type", new byte[] { 0b111, 0, 0, 0 })]
    [InlineData("stored length without its complement", new byte[] { 0b001, 1, 0, 1, 0, 0 })]
    [InlineData("distance before the beginning", new byte[] { 0b011 | 0b100_0000 << 1, 0x02, 0, 0, 0 })]
    [InlineData("too many lengths", new byte[] { 0b1111_1101, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData(
        "too many codes of four bits",
        new byte[] { 0b0000_0101, 0b1110_0000, 0x49, 0x92, 0x24, 0x49, 0x92, 0x24, 0x49, 0x92, 0x24 })]
    [InlineData("no codes for lengths", new byte[] { 0b0000_0101, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public void Nonsense_is_corrupt(string what, byte[] deflated)
    {
        (_, InflateStatus status, _) = Inflate(deflated, 4096);
        Assert.True(status == InflateStatus.Corrupt, what);
    }

    [Fact]
    public void Mutations_end_and_agree_with_zlib()
    {
        Random random = new(11);
        int finished = 0;
        byte[][] originals =
        [
            Deflate(Sample.Make("text").AsSpan(0, 3000).ToArray(), CompressionLevel.SmallestSize),
            Deflate(Sample.Make("short"), CompressionLevel.SmallestSize),
            Deflate(Sample.Make("random").AsSpan(0, 300).ToArray(), CompressionLevel.NoCompression),
        ];
        for (int i = 0; i < 6000; i++)
        {
            byte[] mutated = Mutation.Of(originals[i % originals.Length], random);
            (byte[] output, InflateStatus status, _) = Inflate(mutated, 1 + random.Next(5000));
            Assert.NotEqual(InflateStatus.Running, status);
            if (status == InflateStatus.Finished)
            {
                finished++;
                Assert.Equal(Expand(mutated), output);
            }
            else if (status == InflateStatus.Corrupt)
            {
                // It wants to see some more before it says so.
                Assert.Null(Expand([.. mutated, .. new byte[512]]));
            }
        }

        Assert.True(finished > 100, $"only {finished}");
    }

    internal static byte[] Deflate(byte[] data, CompressionLevel level)
    {
        using MemoryStream output = new();
        using (DeflateStream deflate = new(output, level)) deflate.Write(data);

        // .NET writes nothing for nothing.
        byte[] deflated = output.ToArray();
        return deflated.Length > 0 ? deflated : [3, 0];
    }

    private static byte[]? Expand(byte[] deflated)
    {
        try
        {
            using DeflateStream inflate = new(new MemoryStream(deflated), CompressionMode.Decompress);
            using MemoryStream output = new();
            inflate.CopyTo(output);
            return output.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static (byte[] Output, InflateStatus Status, long End) Inflate(byte[] deflated, int step)
    {
        Inflater inflater = new(new BootModule(deflated));
        inflater.Begin(0);
        using MemoryStream output = new();
        byte[] piece = new byte[step];
        while (inflater.Status == InflateStatus.Running) output.Write(piece, 0, inflater.Read(piece));
        return (output.ToArray(), inflater.Status, inflater.Position);
    }
}
