using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Cashew.Abi;
using Cashew.Machine;
using Xunit;

namespace Cashew.Host.Files;

// Archives that are cut off, damaged or made to do harm: a message that says where, never anything worse.
public sealed class BadArchiveTests : InitramfsTest
{
    private const uint File = Mode.S_IFREG | 0x1A4;

    // One good entry of 120 bytes before the bad one.
    private static ArchiveBuilder Begin() => new ArchiveBuilder().File("good", "data");

    private static byte[] With(ArchiveBuilder.Entry entry) => Begin().Add(entry).End().ToArray();

    private static byte[] Changed(int offset, string text)
    {
        byte[] archive = Begin().File("next", "more").End().ToArray();
        Encoding.ASCII.GetBytes(text).CopyTo(archive, offset);
        return archive;
    }

    public static TheoryData<string, byte[]> Archives => new()
    {
        {
            "this is no archive of cpio (newc) or gzip, it begins with 7f 45 4c 46, at byte 8",
            [0, 0, 0, 0, 0, 0, 0, 0, 0x7F, (byte)'E', (byte)'L', (byte)'F']
        },
        { "this is zstd, and only gzip is understood, at byte 0", [0x28, 0xB5, 0x2F, 0xFD, 1, 2] },
        { "this is xz, and only gzip is understood, at byte 1", [0, 0xFD, (byte)'7', (byte)'z', 0] },
        { "this is lz4, and only gzip is understood, at byte 0", [2, 0x21, 0x4C, 0x18] },
        { "this is the old cpio format (odc), and only newc is understood, at byte 120", Changed(120, "070707") },
        {
            "this is no archive of cpio (newc) or gzip, it begins with 30 37 30 37 30 33, at byte 120",
            Changed(120, "070703")
        },
        {
            "this is no archive of cpio (newc) or gzip, it begins with 58 37 30 37 30 31, at byte 120",
            Changed(120, "X")
        },
        { "a header is not hexadecimal, at byte 120", Changed(120 + 6 + 50, "g") },
        { "a header is not hexadecimal, at byte 120", Changed(120 + 6 + 48, "-0000001") },
        { "a name has an impossible length, at byte 120", With(new("n", File) { ClaimedNameBytes = 0 }) },
        { "a name has an impossible length, at byte 120", With(new("n", File) { ClaimedNameBytes = 4097 }) },
        {
            "a name has an impossible length, at byte 120",
            With(new("n", File) { ClaimedNameBytes = uint.MaxValue })
        },
        { "the archive is cut off in a name, at byte 120", With(new("n", File) { ClaimedNameBytes = 4096 }) },
        { "a name has no end, at byte 120", With(new("name", File) { ClaimedNameBytes = 4 }) },
        {
            "the archive is cut off in the data of a file, at byte 120 (huge)",
            With(new("huge", File) { ClaimedBytes = uint.MaxValue })
        },
        {
            "the archive is cut off in the data of a file, at byte 120 (no/huge)",
            With(new("no/huge", File) { ClaimedBytes = uint.MaxValue })
        },
        {
            "the archive is cut off in the data of a file, at byte 120 (dir)",
            With(new("dir", Mode.S_IFDIR) { ClaimedBytes = 0x8000_0000 })
        },
        { "a symbolic link is too long, at byte 120 (s)", With(new("s", Mode.S_IFLNK) { ClaimedBytes = 4097 }) },
        {
            "a symbolic link is too long, at byte 120 (s)",
            With(new("s", Mode.S_IFLNK) { ClaimedBytes = uint.MaxValue })
        },
        { "a symbolic link is too long, at byte 120 (s)", With(new("s", Mode.S_IFLNK) { Data = Letters(4096) }) },
        { "a symbolic link is empty, at byte 120 (s)", With(new("s", Mode.S_IFLNK)) },
        { "a symbolic link is empty, at byte 120 (s)", With(new("s", Mode.S_IFLNK) { Data = [0, 65] }) },
        {
            "the archive is cut off in a symbolic link, at byte 120 (s)",
            Begin().Add(new("s", Mode.S_IFLNK) { ClaimedBytes = 100 }).ToArray()
        },
        { "the end mark has data, at byte 120 (TRAILER!!!)", With(new("TRAILER!!!", 0) { ClaimedBytes = 1 }) },
        {
            "the archive is cut off in the data of a file, at byte 120 (a?[31mb?"
                + new string('c', 92) + "...)",
            With(new("a\x1B[31mb\n" + new string('c', 200), File) { ClaimedBytes = 1 << 30 })
        },
    };

    [Theory]
    [MemberData(nameof(Archives))]
    public void Is_refused_with_a_message(string message, byte[] archive)
    {
        Assert.Equal(message, UnpackFailure(archive));

        // The same, compressed: another place, the same reason. Formats are not guessed in there.
        string compressed = UnpackFailure([.. new byte[7], .. GzipReaderTests.Gzip(archive)]);
        if (archive[0] != '0') return;
        int place = message.IndexOf(", at byte 120", StringComparison.Ordinal) + ", at byte 120".Length;
        Assert.Equal(message.Insert(place, " of what is compressed at byte 7"), compressed);
    }

    [Fact]
    public void Every_truncation_is_refused_or_warned_about()
    {
        byte[] archive = new ArchiveBuilder()
            .Directory("d").File("d/f", new byte[700]).Symlink("s", "d/f").Link("x", 3, 2).Link("y", 3, 2, "xy")
            .End().ToArray();
        int trailerEnd = archive.AsSpan().IndexOf("TRAILER!!!\0"u8) + 11;
        for (int length = 1; length < trailerEnd; length++)
        {
            Simulation.LogLines.Clear();
            bool isUnpacked = TryUnpack(new BootModule(archive.AsSpan(0, length).ToArray()), out string? message);
            if (isUnpacked) Assert.Contains("without an end mark", Assert.Single(Simulation.LogLines));
            else Assert.Contains("cut off", message);
        }
    }

    [Fact]
    public void Every_truncation_of_a_compressed_archive_is_refused()
    {
        byte[] archive = GzipReaderTests.Gzip(new ArchiveBuilder()
            .Directory("d").File("d/f", Sample.Make("short")).Symlink("s", "d/f").End().ToArray());
        for (int length = 2; length < archive.Length; length++)
        {
            string message = UnpackFailure(archive.AsSpan(0, length).ToArray());
            Assert.StartsWith("the compressed data is cut off, at byte ", message);
            Assert.EndsWith(" of what is compressed at byte 0", message.Split(" (")[0]);
        }
    }

    [Fact]
    public void Damage_in_a_compressed_archive_is_found_by_the_checksum_at_the_latest()
    {
        byte[] archive = GzipReaderTests.Gzip(
            new ArchiveBuilder().File("f", Sample.Make("random")).End().ToArray(),
            System.IO.Compression.CompressionLevel.NoCompression);
        archive[archive.Length / 2] ^= 1;
        Assert.StartsWith("the compressed data has a wrong checksum, at byte ", UnpackFailure(archive));
        archive[12] ^= 1;
        Assert.StartsWith("the compressed data is corrupt, at byte 0 of what", UnpackFailure(archive));
    }

    [Fact]
    public void What_follows_an_archive_in_its_compressed_file_must_be_one()
    {
        byte[] archive = new ArchiveBuilder().File("f", "f").End().Raw("junk"u8).ToArray();
        Assert.Equal(
            "this is no archive of cpio (newc) or gzip, it begins with 6a 75 6e 6b 00 00, "
                + "at byte 512 of what is compressed at byte 0",
            UnpackFailure(GzipReaderTests.Gzip([.. archive, .. new byte[200]])));
    }

    [Fact]
    public void Checksums_of_the_format_that_has_them_are_checked()
    {
        byte[] archive = new ArchiveBuilder { Magic = "070702" }
            .File("f", Sample.Make("random")).Link("a", 1, 2).Link("b", 1, 2, "both").Symlink("s", "f").End().ToArray();
        Assert.Equal("both", Unpack(archive).Text("/a"));
        Assert.Equal("both", Unpack(GzipReaderTests.Gzip(archive)).Text("/a"));

        archive[100_000]++;
        Assert.Equal("the data of a file has a wrong checksum, at byte 0 (f)", UnpackFailure(archive));
        Assert.Equal(
            "the data of a file has a wrong checksum, at byte 0 of what is compressed at byte 0 (f)",
            UnpackFailure(GzipReaderTests.Gzip(archive)));
    }

    [Fact]
    public void A_claim_of_four_gigabytes_takes_no_memory()
    {
        byte[] archive = With(new("huge", File) { ClaimedBytes = uint.MaxValue });
        string message = UnpackFailure(GzipReaderTests.Gzip(archive));
        Assert.StartsWith("the archive is cut off in the data of a file, at byte 120 of what", message);
        Assert.InRange(Simulation.FrameAllocationAttempts, 0, 3);
    }

    [Fact]
    public void More_than_the_root_may_have_is_refused()
    {
        byte[] archive = new ArchiveBuilder().File("f", new byte[2049 * Page]).End().ToArray();
        Assert.Equal(
            "the root may not become larger, at byte 0 of what is compressed at byte 0 (f)",
            UnpackFailure(GzipReaderTests.Gzip(archive)));

        // Where it lies in memory anyway, it is no more.
        Assert.Equal(2049 * Page, Unpack(archive).Stat("/f").st_size);
    }

    [Fact]
    public void More_files_than_the_root_may_have_are_refused()
    {
        ArchiveBuilder archive = new();
        for (int i = 0; i < 2048; i++) archive.Device($"{i}", Mode.S_IFIFO, 0, 0);
        Assert.Contains("the root may not become larger, at byte ", UnpackFailure(archive.End().ToArray()));
    }

    [Fact]
    public void Memory_that_runs_out_at_any_point_is_a_message()
    {
        byte[] archive = GzipReaderTests.Gzip(new ArchiveBuilder()
            .File("a", new byte[3 * Page]).File("b", Sample.Make("short")).File("a", new byte[9000]).End().ToArray());
        HashSet<string> messages = [];
        for (int attempts = 0; ; attempts++)
        {
            Simulation.FailFrameAllocation(attempts);
            bool isUnpacked = TryUnpack(new BootModule(archive), out string? message);
            Simulation.StopFailingFrames();
            if (isUnpacked) break;
            Assert.StartsWith("there is not enough memory, at byte ", message);
            messages.Add(message!);
        }

        Assert.Equal(3, messages.Count);
    }

    [Fact]
    public void Memory_without_room_for_objects_is_a_message()
    {
        // The kernel's reserve is all there is left.
        Stack<Frame> taken = [];
        while (Frame.FreeCount > 10)
        {
            Assert.True(Frame.TryAllocate(out Frame frame));
            taken.Push(frame);
        }

        Assert.Equal("there is not enough memory, at byte 0 (good)", UnpackFailure(Begin().End().ToArray()));
        foreach (Frame frame in taken) frame.Release();
    }

    private static byte[] Letters(int count) => Enumerable.Repeat((byte)'l', count).ToArray();
}
