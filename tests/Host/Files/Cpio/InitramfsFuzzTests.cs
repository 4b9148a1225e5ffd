using System;
using System.Linq;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Xunit;

namespace Cashew.Host.Files;

// Mutations of good archives: a message or a tree, always soon.
public sealed class InitramfsFuzzTests : InitramfsTest
{
    private static byte[] Original(bool alignsData)
    {
        ArchiveBuilder archive = new() { AlignsData = alignsData };
        return archive.Directory(".").Directory("usr").Directory("usr/bin").Symlink("bin", "usr/bin")
            .File("bin/sh", Sample.Make("text").AsSpan(0, 5000).ToArray()).Link("bin/a", 1, 3).Link("bin/b", 1, 3)
            .Link("bin/c", 1, 3, "linked").Device("null", Mode.S_IFCHR, 1, 3).Device("pipe", Mode.S_IFIFO, 0, 0)
            .Symlink("usr/up", "../..").File("usr/up/f", "").File("init", "#!/bin/sh\n").Directory("usr/../var")
            .File("var/x", Sample.Make("random").AsSpan(0, 700).ToArray()).End().Nuls(300).Directory("again")
            .File("again/../bin/sh", "again").End().ToArray();
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void Mutated_archives_end_in_a_message_or_a_tree(bool alignsData, int seed)
    {
        Random random = new(seed);
        byte[] original = Original(alignsData);
        int unpacked = 0;
        for (int i = 0; i < 5000; i++)
        {
            unpacked += Try(Mutation.Of(original, random), i % 50 == 0) ? 1 : 0;
        }

        Assert.InRange(unpacked, 500, 4500);
    }

    [Fact]
    public void Mutated_archives_in_an_undamaged_compressed_file_do_too()
    {
        Random random = new(3);
        byte[] original = Original(alignsData: false);
        int unpacked = 0;
        for (int i = 0; i < 5000; i++)
        {
            byte[] archive = GzipReaderTests.Gzip(
                Mutation.Of(original, random), System.IO.Compression.CompressionLevel.NoCompression);
            unpacked += Try(archive, i % 50 == 0) ? 1 : 0;
        }

        Assert.InRange(unpacked, 500, 4500);
    }

    [Fact]
    public void Mutated_compressed_files_do_too()
    {
        Random random = new(4);
        byte[] plain = Original(alignsData: false);
        byte[] original = [.. GzipReaderTests.Gzip(plain), .. plain.AsSpan(0, 400), .. GzipReaderTests.Gzip(plain)];
        int unpacked = 0;
        for (int i = 0; i < 5000; i++) unpacked += Try(Mutation.Of(original, random), i % 50 == 0) ? 1 : 0;
        
        // Hardly anything gets past the checksum.
        Assert.InRange(unpacked, 1, 250);
    }

    private bool Try(byte[] archive, bool looksAtTree)
    {
        BootModule module = new(archive);
        bool isUnpacked = TryUnpack(module, out string? message);
        Assert.Equal(isUnpacked, message is null);
        Assert.InRange(message?.Length ?? 1, 1, 300);
        if (looksAtTree && isUnpacked) _ = Unpack(archive).Describe();
        Discard();
        Assert.Equal(0, Simulation.CountFrames(FrameKind.Data));
        Simulation.LogLines.Clear();
        return isUnpacked;
    }
}
