using System;
using System.Collections.Generic;
using System.Linq;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Xunit;

namespace Cashew.Host.Files;

// What becomes of right archives, seen through paths and open files.
public sealed class InitramfsTests : InitramfsTest
{
    public static TheoryData<int, bool, bool> Trees
    {
        get
        {
            TheoryData<int, bool, bool> trees = [];
            for (int seed = 0; seed < 8; seed++)
            {
                trees.Add(seed, false, false);
                trees.Add(seed, true, false);
                trees.Add(seed, false, true);
            }

            return trees;
        }
    }

    [Theory]
    [MemberData(nameof(Trees))]
    public void Trees_come_out_as_they_went_in(int seed, bool alignsData, bool isCompressed)
    {
        SortedDictionary<string, string> expected = new(StringComparer.Ordinal);
        byte[] archive = RandomTree.Make(new Random(seed), 150, alignsData, expected);
        UnpackedRoot root = Unpack(isCompressed ? GzipReaderTests.Gzip(archive) : archive);
        Assert.Equal(expected, root.Describe());
        Assert.Empty(Simulation.LogLines);
    }

    [Fact]
    public void Before_any_archive_there_is_a_console_and_a_home()
    {
        UnpackedRoot root = UnpackIntoInitialTree(new ArchiveBuilder().End());
        Assert.Equal(["dev", "root"], root.List("/").Order());
        Assert.Equal(["console"], root.List("/dev"));
        Assert.Equal(Mode.S_IFDIR | 0x1EDu, root.Stat("/dev").st_mode);
        Assert.Equal(Mode.S_IFDIR | 0x1C0u, root.Stat("/root").st_mode);
        Assert.Equal(Mode.S_IFCHR | 0x180u, root.Stat("/dev/console").st_mode);
        Assert.Equal(new DeviceNumber(5, 1).Encoded, root.Stat("/dev/console").st_rdev);
    }

    [Fact]
    public void An_archive_changes_what_was_there_before()
    {
        ArchiveBuilder archive = new();
        archive.Add(new ArchiveBuilder.Entry("root", Mode.S_IFDIR | 0x1ED) { Uid = 3 });
        archive.File("dev/console", "text"u8.ToArray());
        UnpackedRoot root = UnpackIntoInitialTree(archive.End());
        Assert.Equal(3u, root.Stat("/root").st_uid);
        Assert.Equal(Mode.S_IFDIR | 0x1EDu, root.Stat("/root").st_mode);
        Assert.Equal("text", root.Text("/dev/console"));
    }

    [Fact]
    public void Entries_of_the_root_set_its_attributes()
    {
        ArchiveBuilder archive = new();
        foreach (string name in (string[])[".", "/", "./", "..", "a/.."])
        {
            archive.Directory("a").Add(new ArchiveBuilder.Entry(name, Mode.S_IFDIR | 0x1C0)
            {
                Uid = (uint)archive.Length,
                Gid = 5,
                Mtime = 1234,
            });
            UnpackedRoot root = Unpack(new ArchiveBuilder().Raw(archive.ToArray()).End());
            Stat stat = root.Stat("/");
            Assert.Equal(Mode.S_IFDIR | 0x1C0, stat.st_mode);
            Assert.Equal(5u, stat.st_gid);
            Assert.Equal(1234, stat.st_mtim.tv_sec);
            Assert.Equal(["a"], root.List("/"));
        }

        Assert.Empty(Simulation.LogLines);
    }

    [Fact]
    public void Entries_that_only_pad_change_nothing()
    {
        ArchiveBuilder archive = new() { AlignsData = true };
        for (int i = 0; i < 9; i++) archive.File($"f{i}", new byte[Page + i]);
        UnpackedRoot root = Unpack(archive.End());
        Assert.Equal(9, root.List("/").Count);
        Assert.Equal(Mode.S_IFDIR | 0x1ED, root.Stat("/").st_mode);
    }

    [Fact]
    public void Directories_keep_their_time_when_files_come_into_them()
    {
        UnpackedRoot root = Unpack(new ArchiveBuilder()
            .Directory("d", mtime: 1000).Directory("d/e", mtime: 2000).File("d/e/f", "x").File("d/g", "y")
            .Link("d/h", 1, 2).Link("d/i", 1, 2, "z").Symlink("d/e/f", "g").End());
        Assert.Equal(1000, root.Stat("/d").st_mtim.tv_sec);
        Assert.Equal(2000, root.Stat("/d/e").st_mtim.tv_sec);
        Assert.Equal(4u, (uint)root.List("/d").Count);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("/x")]
    [InlineData("./x")]
    [InlineData("//.///x")]
    [InlineData("../x")]
    [InlineData("/../../../x")]
    [InlineData("d/../../../x")]
    [InlineData("d/./../x")]
    public void Names_stay_below_the_root(string name)
    {
        UnpackedRoot root = Unpack(new ArchiveBuilder().Directory("d").File(name, "in").End());
        Assert.Equal("in", root.Text("/x"));
        Assert.Equal(["d", "x"], root.List("/"));
    }

    [Fact]
    public void Symbolic_links_on_the_way_are_followed_inside_the_root()
    {
        UnpackedRoot root = Unpack(new ArchiveBuilder()
            .Directory("usr").Directory("usr/bin").Symlink("bin", "usr/bin").File("bin/sh", "shell")
            .Symlink("usr/up", "../../../..").File("usr/up/top", "t").Symlink("abs", "/usr/./bin/").File("abs/x", "y")
            .Symlink("twice", "abs/../up/bin").File("twice/z", "zz").End());
        Assert.Equal("shell", root.Text("/usr/bin/sh"));
        Assert.Equal("t", root.Text("/top"));
        Assert.Equal("y", root.Text("/usr/bin/x"));
        Assert.Equal("zz", root.Text("/usr/bin/z"));
        Assert.Equal("usr/bin", root.Target("/bin"));
        Assert.Empty(Simulation.LogLines);
    }

    [Fact]
    public void Entries_without_a_place_are_left_out_with_a_line_each()
    {
        UnpackedRoot root = Unpack(new ArchiveBuilder()
            .File("missing/f", "1234567").Directory("missing/d").Symlink("missing/s", "x")
            .File("f", "f").File("f/g", "g").Symlink("loop", "loop").File("loop/h", "h")
            .File(new string('n', 256), "n").File("dir/", "d").File(".", "dot").File("", "none")
            .Add(new ArchiveBuilder.Entry("kind", 0x3000)).Device("major", Mode.S_IFCHR, 0x1000, 0)
            .File("last", "here").End());
        Assert.Equal(["f", "loop", "last"], root.List("/"));
        Assert.Equal("here", root.Text("/last"));
        Assert.Equal(11, Simulation.LogLines.Count);
        Assert.Equal(
            "initramfs: missing/f is left out: there is no directory for it, at byte 0", Simulation.LogLines[0]);
        Assert.All(Simulation.LogLines, line => Assert.StartsWith("initramfs: ", line));
    }

    [Fact]
    public void A_million_entries_without_a_place_are_a_few_lines()
    {
        ArchiveBuilder archive = new();
        for (int i = 0; i < 100; i++) archive.File($"no/{i}", "");
        _ = Unpack(archive.End());
        Assert.Equal(17, Simulation.LogLines.Count);
        Assert.Equal("initramfs: 100 entries were left out", Simulation.LogLines[^1]);
    }

    [Fact]
    public void The_last_of_several_entries_counts()
    {
        byte[] first = new ArchiveBuilder()
            .File("file", "old and long", 0x1FF).Symlink("link", "old").Directory("dir").Directory("full")
            .File("full/f", "").Device("dev", Mode.S_IFCHR, 1, 3).Device("same", Mode.S_IFCHR, 1, 5).Symlink("was-link", "file")
            .File("was-file", "x").Directory("was-dir").File("emptied", new byte[9000]).Directory("kept", 0x1C0)
            .File("kept/inside", "i").End().ToArray();
        byte[] second = new ArchiveBuilder()
            .File("file", "new", 0x180).Symlink("link", "newer").File("dir", "d").File("full", "no")
            .Device("dev", Mode.S_IFCHR, 4, 64).Device("same", Mode.S_IFCHR, 1, 5).File("was-link", "f")
            .Symlink("was-file", "s").Device("was-dir", Mode.S_IFIFO, 0, 0).File("emptied", "").Directory("kept", 0x1ED)
            .End().ToArray();
        foreach (bool isCompressed in (bool[])[false, true])
        {
            UnpackedRoot root = Unpack(isCompressed
                ? [.. GzipReaderTests.Gzip(first), .. GzipReaderTests.Gzip(second)]
                : [.. first, .. second]);
            Assert.Equal("new", root.Text("/file"));
            Assert.Equal(Mode.S_IFREG | 0x180, root.Stat("/file").st_mode);
            Assert.Equal("newer", root.Target("/link"));
            Assert.Equal("d", root.Text("/dir"));
            Assert.Equal(["f"], root.List("/full"));
            Assert.Equal(0x440ul, root.Stat("/dev").st_rdev);
            Assert.Equal(0x105ul, root.Stat("/same").st_rdev);
            Assert.Equal("f", root.Text("/was-link"));
            Assert.Equal("s", root.Target("/was-file"));
            Assert.Equal(Mode.S_IFIFO | 0x1B6, root.Stat("/was-dir").st_mode);
            Assert.Equal(0, root.Stat("/emptied").st_size);
            Assert.Equal(Mode.S_IFDIR | 0x1ED, root.Stat("/kept").st_mode);
            Assert.Equal("i", root.Text("/kept/inside"));
            Assert.Single(Simulation.LogLines);
            Assert.StartsWith("initramfs: full is left out: there is a directory with entries", Simulation.LogLines[0]);
            Simulation.LogLines.Clear();
        }
    }

    [Theory]
    [InlineData("data", "", "")]
    [InlineData("", "", "data")]
    [InlineData("", "data", "")]
    [InlineData("data", "data", "data")]
    [InlineData("old", "data", "")]
    [InlineData("", "", "")]
    public void Hard_links_are_one_file_whichever_has_the_data(string first, string second, string third)
    {
        byte[] archive = new ArchiveBuilder()
            .Link("a", 7, 3, first).Directory("d").Link("d/b", 7, 3, second).Link("c", 7, 3, third).End().ToArray();
        foreach (byte[] input in (byte[][])[archive, GzipReaderTests.Gzip(archive)])
        {
            UnpackedRoot root = Unpack(input);
            string expected = third + second + first == "" ? "" : "data";
            foreach (string name in (string[])["/a", "/d/b", "/c"])
            {
                Assert.Equal(expected, root.Text(name));
                Assert.Equal(3u, root.Stat(name).st_nlink);
                Assert.Equal(root.Stat("/a").st_ino, root.Stat(name).st_ino);
            }
        }
    }

    [Fact]
    public void Hard_links_are_told_apart_by_archive_type_and_count()
    {
        byte[] archive = new ArchiveBuilder().Link("a", 7, 2, "one").Link("b", 7, 2).End().ToArray();
        byte[] other = new ArchiveBuilder()
            .Link("c", 7, 2, "two").Link("d", 7, 1, "three").Add(new ArchiveBuilder.Entry("e", Mode.S_IFIFO)
            {
                Inode = 7,
                LinkCount = 2,
            }).End().ToArray();
        UnpackedRoot root = Unpack([.. archive, .. other]);
        Assert.Equal("one", root.Text("/b"));
        Assert.Equal(2u, root.Stat("/a").st_nlink);
        Assert.Equal("two", root.Text("/c"));
        Assert.Equal(1u, root.Stat("/c").st_nlink);
        Assert.Equal("three", root.Text("/d"));
        Assert.Equal(Mode.S_IFIFO, root.Stat("/e").st_mode);
    }

    [Fact]
    public void Devices_and_symbolic_links_can_have_hard_links()
    {
        UnpackedRoot root = Unpack(new ArchiveBuilder()
            .Add(new ArchiveBuilder.Entry("n", Mode.S_IFCHR | 0x1B6) { Inode = 1, LinkCount = 2, DeviceMajor = 1 })
            .Add(new ArchiveBuilder.Entry("m", Mode.S_IFCHR | 0x1B6) { Inode = 1, LinkCount = 2, DeviceMajor = 1 })
            .Add(new ArchiveBuilder.Entry("s", Mode.S_IFLNK | 0x1FF) { Inode = 2, LinkCount = 2, Data = [65] })
            .Add(new ArchiveBuilder.Entry("t", Mode.S_IFLNK | 0x1FF) { Inode = 2, LinkCount = 2, Data = [65] })
            .End());
        Assert.Equal(root.Stat("/n").st_ino, root.Stat("/m").st_ino);
        Assert.Equal(root.Stat("/s").st_ino, root.Stat("/t").st_ino);
        Assert.Equal("A", root.Target("/t"));
    }

    [Fact]
    public void A_linked_file_that_was_replaced_is_no_longer_linked_to()
    {
        UnpackedRoot root = Unpack(new ArchiveBuilder()
            .Link("a", 7, 3, "gone").Symlink("a", "elsewhere").Link("b", 7, 3, "new").Link("c", 7, 3).End());
        Assert.Equal("elsewhere", root.Target("/a"));
        Assert.Equal("new", root.Text("/c"));
        Assert.Equal(2u, root.Stat("/b").st_nlink);
    }

    [Fact]
    public void Thousands_of_linked_files_are_found_again()
    {
        const int count = 1500;
        ArchiveBuilder archive = new();
        for (uint i = 0; i < count; i++) archive.Link($"a{i}", i * 4096, 2, $"{i}");
        for (uint i = 0; i < count; i++) archive.Link($"b{i}", i * 4096, 2);
        UnpackedRoot root = Unpack(archive.End());
        for (int i = 0; i < count; i++) Assert.Equal($"{i}", root.Text($"/b{i}"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(511)]
    [InlineData(4096)]
    [InlineData(10_001)]
    public void Archives_of_both_kinds_follow_each_other_with_nuls_between(int nuls)
    {
        byte[] gap = new byte[nuls];
        byte[] a = new ArchiveBuilder().File("a", "1").End().ToArray();
        byte[] b = GzipReaderTests.Gzip(new ArchiveBuilder().File("b", "22").End().ToArray());
        byte[] c = GzipReaderTests.Gzip(new ArchiveBuilder().File("c", "333").End().Nuls(nuls).Raw(a).ToArray());
        byte[] d = new ArchiveBuilder().File("d", "4444").File("d2", "").End().ToArray();
        UnpackedRoot root = Unpack([.. gap, .. a, .. gap, .. b, .. gap, .. c, .. gap, .. d, .. gap]);
        Assert.Equal(["a", "b", "c", "d", "d2"], root.List("/"));
        Assert.Equal("4444", root.Text("/d"));
        Assert.Empty(Simulation.LogLines);
    }

    [Fact]
    public void An_archive_without_an_end_mark_is_a_warning()
    {
        byte[] archive = new ArchiveBuilder().File("a", "1").File("b", "2").ToArray();
        byte[] other = GzipReaderTests.Gzip(new ArchiveBuilder().File("c", "3").ToArray());
        UnpackedRoot root = Unpack([.. archive, .. other]);
        Assert.Equal(["a", "b", "c"], root.List("/"));
        Assert.Equal(
            [
                $"initramfs: an archive ends without an end mark, at byte {archive.Length}",
                "initramfs: an archive ends without an end mark, "
                    + $"at byte 116 of what is compressed at byte {archive.Length}",
            ],
            Simulation.LogLines);
    }

    [Fact]
    public void Nothing_but_nuls_is_an_empty_root()
    {
        Assert.Empty(Unpack([]).List("/"));
        Assert.Empty(Unpack(new byte[1000]).List("/"));
        Assert.Empty(Unpack(GzipReaderTests.Gzip([])).List("/"));
        Assert.Empty(Unpack(new ArchiveBuilder().End()).List("/"));
    }

    [Fact]
    public void Plain_archives_take_no_frame_before_somebody_reads()
    {
        ArchiveBuilder archive = new() { AlignsData = true };
        for (int i = 0; i < 50; i++) archive.File($"f{i}", Enumerable.Repeat((byte)i, 10 * Page + i).ToArray());
        UnpackedRoot root = Unpack(archive.End());
        Assert.Equal(0, Simulation.FrameAllocationAttempts);
        Assert.Equal(10 * Page + 7, root.Stat("/f7").st_size);

        // Ten pages are lent, and the rest of the last one is copied.
        Assert.All(root.Read("/f7"), value => Assert.Equal(7, value));
        Assert.Equal(1, Simulation.FrameAllocationAttempts);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(100, false)]
    public void Aligned_pages_are_the_modules_own_until_they_are_written(int moduleOffset, bool isLent)
    {
        byte[] data = new byte[2 * Page];
        new Random(4).NextBytes(data);
        byte[] archive = new ArchiveBuilder { AlignsData = true }.File("f", data).End().ToArray();
        BootModule module = new(archive, moduleOffset);
        UnpackedRoot root = Unpack(module);
        PagedInode inode = (PagedInode)root.Inode("/f");
        Assert.True(inode.Contents.TryGetPage(1, forWrite: false, out Frame frame, out _));
        Assert.Equal(isLent, module.TryFrame(Page + Page, out Frame own));
        if (isLent)
        {
            Assert.Equal(own, frame);
            own.Release();
        }

        frame.Release();
        root.Write("/f", "written");
        Assert.Equal("written"u8.ToArray(), root.Read("/f")[..7]);
        Assert.Equal(data[7..], root.Read("/f")[7..]);
        Assert.Equal(data, module.Bytes(Page, 2 * Page).ToArray());
    }

    [Fact]
    public void Compressed_files_are_files_like_others()
    {
        byte[] data = Sample.Make("mixed");
        UnpackedRoot root = Unpack(GzipReaderTests.Gzip(new ArchiveBuilder().File("f", data).End().ToArray()));
        Assert.Equal(data, root.Read("/f"));
        Assert.Equal((data.Length + Page - 1) / Page, Simulation.FrameAllocationAttempts);
        Assert.Equal((data.Length + Page - 1) / Page * 8, root.Stat("/f").st_blocks);
        root.Write("/f", "written");
        Assert.Equal("written"u8.ToArray(), root.Read("/f")[..7]);
    }

    [Fact]
    public void A_name_may_be_as_long_as_a_path()
    {
        const int depth = 1920;
        string deep = string.Concat(Enumerable.Repeat("d/", depth)) + new string('f', 255);
        ArchiveBuilder archive = new();
        for (int i = 1; i <= depth; i++) archive.Directory(deep[..(2 * i - 1)]);
        UnpackedRoot root = Unpack(archive.File(deep, "down").End());
        Assert.Equal(4095, deep.Length);
        Assert.Equal("down", root.Text(deep));
    }

    [Fact]
    public void A_symbolic_link_may_end_in_a_nul()
    {
        UnpackedRoot root = Unpack(new ArchiveBuilder()
            .Symlink("a", "target\0").Symlink("b", new string('t', 4095)).Symlink("c", new string('t', 4095) + "\0")
            .End());
        Assert.Equal("target", root.Target("/a"));
        Assert.Equal(4095, root.Target("/b").Length);
        Assert.Equal(4095, root.Target("/c").Length);
    }
}
