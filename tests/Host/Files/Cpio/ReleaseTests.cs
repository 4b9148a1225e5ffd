using System;
using System.Collections.Generic;
using System.Linq;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Memory;
using Xunit;

namespace Cashew.Host.Files;

// What becomes of the memory that the archive lies in. The simulated module stops the test when a released
// piece is read.
public sealed class ReleaseTests : InitramfsTest
{
    private readonly List<Frame> _used = [];

    [Theory]
    [InlineData(0, 1)]
    [InlineData(100, 1)]
    [InlineData(4095, 3)]
    public void A_compressed_archive_gives_all_its_memory_back(int moduleOffset, int memberCount)
    {
        byte[] member = GzipReaderTests.Gzip(new ArchiveBuilder().File("f", Noise(50_000)).End().ToArray());
        byte[] archive = [.. Enumerable.Repeat(member, memberCount).SelectMany(bytes => bytes)];
        long before = Frame.TotalCount;
        UnpackedRoot root = Unpack(new BootModule(archive, moduleOffset));
        Assert.Equal(before + FramesOf(archive.Length, moduleOffset), Frame.TotalCount);
        Assert.Equal(Frame.TotalCount, Frame.FreeCount + Simulation.CountFrames(FrameKind.Data));
        Assert.Equal(Noise(50_000), root.Read("/f"));
    }

    [Fact]
    public void A_compressed_archive_goes_while_it_is_inflated()
    {
        // Memory for what is inside and a little more: archive and contents would not fit together.
        byte[] data = Noise(30 * Page);
        byte[] archive = GzipReaderTests.Gzip(new ArchiveBuilder().File("f", data).End().ToArray());
        UseUp(leftFrames: 10);
        Assert.Equal(data, Unpack(new BootModule(archive)).Read("/f"));
        FreeUsed();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(77)]
    public void Headers_go_and_data_stays(int moduleOffset)
    {
        ArchiveBuilder archive = new();
        byte[] data = Noise(3 * Page + 5);
        for (int i = 0; i < 200; i++) archive.Directory($"d{i}");
        archive.File("f", data);
        for (int i = 0; i < 200; i++) archive.Symlink($"s{i}", "f");
        byte[] bytes = archive.End().ToArray();
        int headerBytes = bytes.Length - data.Length;

        long before = Frame.TotalCount;
        UnpackedRoot root = Unpack(new BootModule(bytes, moduleOffset));

        // All but the frames that the two borders of the data are in.
        Assert.InRange(Frame.TotalCount - before, headerBytes / Page - 1, headerBytes / Page + 1);
        Assert.Equal(data, root.Read("/f"));
        Assert.Equal(data, root.Read("/s7"));
    }

    [Fact]
    public void The_memory_of_a_file_comes_back_when_it_goes()
    {
        byte[] data = Noise(10 * Page);
        ArchiveBuilder archive = new() { AlignsData = true };
        UnpackedRoot root = Unpack(archive.File("f", data).File("g", data).End());
        PagedInode inode = (PagedInode)root.Inode("/f");
        Assert.True(inode.Contents.TryGetPage(3, forWrite: false, out Frame lent, out _));
        long total = Frame.TotalCount;
        long free = Frame.FreeCount;

        root.Remove("/f");
        Assert.Equal(total + 10, Frame.TotalCount);
        Assert.Equal(free + 9, Frame.FreeCount);

        // Somebody still looked at one page.
        Assert.Equal(data[(3 * Page)..(4 * Page)], lent.Bytes.ToArray());
        lent.Release();
        Assert.Equal(free + 10, Frame.FreeCount);
        Assert.Equal(data, root.Read("/g"));
    }

    [Fact]
    public void What_an_entry_replaces_comes_back()
    {
        byte[] old = Noise(20 * Page);
        long before = Frame.TotalCount;
        ArchiveBuilder archive = new() { AlignsData = true };
        UnpackedRoot root = Unpack(archive.File("f", old).File("f", "new").End());
        Assert.InRange(Frame.TotalCount - before, 20, 22);
        Assert.Equal("new", root.Text("/f"));
    }

    [Fact]
    public void What_cannot_be_read_comes_back_as_well()
    {
        byte[] noise = [.. Enumerable.Repeat((byte)'x', 5 * Page)];
        byte[] archive = [.. new ArchiveBuilder().Directory("d").ToArray(), .. noise];
        long before = Frame.TotalCount;
        Assert.False(TryUnpack(new BootModule(archive), out _));
        Assert.Equal(before + FramesOf(archive.Length, 0), Frame.TotalCount);
    }

    /// <summary>Takes memory away, until the end of the test or <see cref="FreeUsed"/>.</summary>
    private void UseUp(int leftFrames)
    {
        while (Frame.FreeCount > leftFrames + KernelObjects.ReservedFrames)
        {
            Assert.True(Frame.TryAllocate(out Frame frame));
            _used.Add(frame);
        }
    }

    private void FreeUsed()
    {
        foreach (Frame frame in _used) frame.Release();
        _used.Clear();
    }

    private static int FramesOf(int lengthBytes, int moduleOffset) =>
        (lengthBytes + moduleOffset + Page - 1) / Page;

    private static byte[] Noise(int lengthBytes)
    {
        byte[] bytes = new byte[lengthBytes];
        new Random(7).NextBytes(bytes);
        return bytes;
    }
}
