using System;
using System.Collections.Generic;
using System.Linq;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Memory;
using Xunit;

namespace Cashew.Host.Files;

public sealed class TmpfsTests : FilesTest
{
    [Fact]
    public void A_hole_reads_as_zeros_and_takes_no_page()
    {
        OpenFile file = Open("/f");
        Assert.Equal(1, WriteAt(file, 10 * Page, "x"u8).Count);

        byte[] buffer = new byte[3];
        Assert.Equal(3, ReadAt(file, 5 * Page, buffer).Count);
        Assert.Equal(new byte[3], buffer);
        Assert.Equal(10 * Page + 1, GetStat("/f").st_size);
        Assert.Equal(Page / 512, GetStat("/f").st_blocks);
        Assert.Equal(10 * Page, file.Seek(0, SeekWhence.SEEK_DATA).Count);
        Assert.Equal(0, file.Seek(0, SeekWhence.SEEK_HOLE).Count);
        Assert.Equal(Errno.ENXIO, file.Seek(10 * Page + 1, SeekWhence.SEEK_DATA).Error);
        file.Release();
    }

    [Fact]
    public void What_was_cut_off_does_not_come_back()
    {
        Create("/f", "abcdef");
        Assert.Equal(Errno.None, Truncate("/f", 2));
        Assert.Equal(Errno.None, Truncate("/f", 6));
        Assert.Equal("ab\0\0\0\0", ReadAll("/f"));
    }

    [Fact]
    public void Times_change_with_the_length_and_without()
    {
        Create("/f", "abc");
        long before = GetStat("/f").st_mtim.tv_sec;
        Simulation.Advance(Nanoseconds.FromSeconds(5));
        Assert.Equal(Errno.None, Truncate("/f", 3));
        Assert.Equal(before + 5, GetStat("/f").st_mtim.tv_sec);
        Simulation.Advance(Nanoseconds.FromSeconds(5));
        Assert.Equal(Errno.None, Truncate("/f", 2));
        Assert.Equal(before + 10, GetStat("/f").st_mtim.tv_sec);
    }

    [Fact]
    public void A_full_file_system_takes_what_fits_and_then_nothing()
    {
        Assert.Equal(Errno.None, Mkdir("/t"));
        Assert.Equal(Errno.None, Mount("tmpfs", "/t", $"size={2 * Page}"));
        OpenFile file = Open("/t/f");
        Assert.Equal(2 * Page, WriteAt(file, 0, new byte[3 * Page]).Count);
        Assert.Equal(Errno.ENOSPC, WriteAt(file, 2 * Page, "x"u8).Error);

        // Freed pages can be used again, and more are allowed by a remount.
        Assert.Equal(Errno.None, Truncate("/t/f", Page));
        Assert.Equal(1, WriteAt(file, 5 * Page, "x"u8).Count);
        PathLocation top = Find("/t");
        Assert.Equal(Errno.EINVAL, Mounts.Remount(top, default, isReadOnly: false, "size=4096"u8));
        Assert.Equal(Errno.None, Mounts.Remount(top, default, isReadOnly: false, "size=3%"u8));
        top.Unpin();
        Assert.Equal(1, WriteAt(file, 6 * Page, "x"u8).Count);
        file.Release();
    }

    [Fact]
    public void The_number_of_files_is_limited()
    {
        Assert.Equal(Errno.None, Mkdir("/t"));
        Assert.Equal(Errno.None, Mount("tmpfs", "/t", "nr_inodes=3,mode=700"));
        Assert.Equal(Mode.S_IFDIR | 0x1C0u, GetStat("/t").st_mode);
        Create("/t/a");
        Create("/t/b");
        Assert.Equal(Errno.ENOSPC, Mkdir("/t/c"));

        // Another name is no other file.
        Assert.Equal(Errno.None, Link("/t/a", "/t/c"));
        Assert.Equal(2ul, GetStat("/t/c").st_nlink);
        Assert.Equal(Errno.None, Unlink("/t/b"));
        Create("/t/d");
    }

    [Theory]
    [InlineData("size=1x")]
    [InlineData("size=")]
    [InlineData("mode=9")]
    [InlineData("uid=-1")]
    [InlineData("nonsense")]
    [InlineData("nr_blocks=9223372036854775807")]
    public void An_option_that_makes_no_sense_is_refused(string options)
    {
        Assert.Equal(Errno.None, Mkdir("/t"));
        Assert.Equal(Errno.EINVAL, Mount("tmpfs", "/t", options));

        // Ramfs does not look at what it does not know.
        Assert.Equal(options == "mode=9" ? Errno.EINVAL : Errno.None, Mount("ramfs", "/t", options));
    }

    [Fact]
    public void A_file_without_a_name_lives_as_long_as_it_is_open()
    {
        OpenFile file = Open("/f");
        _ = WriteAt(file, 0, "abc"u8);
        int frames = Simulation.CountFrames(FrameKind.Data);
        Assert.Equal(Errno.None, Unlink("/f"));
        Assert.Equal(Errno.ENOENT, StatError("/f"));

        byte[] buffer = new byte[3];
        Assert.Equal(3, ReadAt(file, 0, buffer).Count);
        Assert.Equal("abc"u8, buffer);
        file.Release();
        Assert.Equal(frames - 1, Simulation.CountFrames(FrameKind.Data));
    }

    [Fact]
    public void A_rename_replaces_what_is_there()
    {
        Create("/a", "a");
        Create("/b", "b");
        Assert.Equal(Errno.EEXIST, Rename("/a", "/b", RenameBits.RENAME_NOREPLACE));
        Assert.Equal(Errno.None, Rename("/a", "/b", RenameBits.RENAME_EXCHANGE));
        Assert.Equal("b", ReadAll("/a"));
        Assert.Equal(Errno.None, Rename("/a", "/b"));
        Assert.Equal("b", ReadAll("/b"));
        Assert.Equal(["b"], List("/"));
    }

    [Fact]
    public void A_directory_that_moves_takes_its_link_along()
    {
        Assert.Equal(Errno.None, Mkdir("/a"));
        Assert.Equal(Errno.None, Mkdir("/b"));
        Assert.Equal(Errno.None, Mkdir("/a/d"));
        Assert.Equal(Errno.EINVAL, Rename("/a", "/a/d/x"));
        Assert.Equal(Errno.None, Rename("/a/d", "/b/d"));
        Assert.Equal(2ul, GetStat("/a").st_nlink);
        Assert.Equal(3ul, GetStat("/b").st_nlink);
        Assert.Equal(GetStat("/b").st_ino, GetStat("/b/d/..").st_ino);
        Assert.Equal(Errno.ENOTEMPTY, Rename("/a", "/b"));
        Assert.Equal(Errno.None, Rename("/b/d", "/a"));
        Assert.Equal(Errno.None, Rmdir("/b"));
    }

    [Fact]
    public void A_listing_goes_on_where_it_was_whatever_comes_and_goes()
    {
        Assert.Equal(Errno.None, Mkdir("/d"));
        for (int i = 0; i < 100; i++) Create($"/d/{i:d3}");
        OpenFile directory = Open("/d", OpenBits.O_RDONLY);
        List<string> seen = ReadNames(directory, roomBytes: 24 * 10, mostReads: 5);
        long position = directory.Offset;

        // All that was shown goes, half of the rest as well, and so much comes that the index is built anew.
        foreach (string name in seen.Where(name => name[0] != '.')) Assert.Equal(Errno.None, Unlink($"/d/{name}"));
        List<string> left = List("/d");
        foreach (string name in left.Where((_, i) => i % 2 == 0)) Assert.Equal(Errno.None, Unlink($"/d/{name}"));
        for (int i = 0; i < 200; i++) Create($"/d/new{i}");

        List<string> rest = ReadNames(directory);
        Assert.Equal(List("/d"), rest);
        Assert.Equal(left.Where((_, i) => i % 2 == 1), rest.Where(name => !name.StartsWith("new")));

        // And back to a position of before.
        _ = directory.Seek(position, SeekWhence.SEEK_SET);
        Assert.Equal(rest, ReadNames(directory));
        directory.Release();
    }

    [Fact]
    public void A_removed_directory_takes_nothing_and_lists_nothing()
    {
        Assert.Equal(Errno.None, Mkdir("/d"));
        Context.SetWorkingDirectory(Find("/d"));
        Assert.Equal(Errno.None, Rmdir("/d"));
        Assert.Equal(Errno.ENOENT, Mkdir("x"));
        Assert.Equal(Errno.ENOENT, OpenError("x", OpenBits.O_CREAT | OpenBits.O_WRONLY));
    }

    [Fact]
    public void A_mapping_and_a_write_see_each_other()
    {
        OpenFile file = Open("/f");
        Assert.Equal(Page, WriteAt(file, 0, new byte[Page]).Count);
        Assert.True(file.TryOpenMapping(isShared: true, out PageSource? source, out Errno error), error.ToString());
        Assert.True(source!.TryGetPage(0, forWrite: true, out Frame frame, out error), error.ToString());
        frame.Bytes[7] = 42;
        byte[] buffer = new byte[8];
        Assert.Equal(8, ReadAt(file, 0, buffer).Count);
        Assert.Equal(42, buffer[7]);
        Assert.Equal(1, WriteAt(file, 8, [43]).Count);
        Assert.Equal(43, frame.Bytes[8]);
        frame.Release();
        file.Release();
    }

    [Fact]
    public void Room_is_reserved_and_holes_are_punched()
    {
        OpenFile file = Open("/f");
        Assert.Equal(Errno.None, file.Allocate(FallocateBits.FALLOC_FL_KEEP_SIZE, 0, 2 * Page, 2 * Page));
        Assert.Equal(0, GetStat("/f").st_size);
        Assert.Equal(2 * Page / 512, GetStat("/f").st_blocks);
        Assert.Equal(Errno.None, file.Allocate(0, 0, 2 * Page, long.MaxValue));
        Assert.Equal(2 * Page, GetStat("/f").st_size);
        Assert.Equal(Errno.EFBIG, file.Allocate(0, Page, 2 * Page, 2 * Page));
        Assert.Equal(Errno.EFBIG, file.Allocate(FallocateBits.FALLOC_FL_KEEP_SIZE, Page, 2 * Page, 2 * Page));
        int punch = FallocateBits.FALLOC_FL_KEEP_SIZE | FallocateBits.FALLOC_FL_PUNCH_HOLE;
        Assert.Equal(Errno.None, file.Allocate(punch, 0, Page, 0));
        Assert.Equal(Page / 512, GetStat("/f").st_blocks);
        file.Release();
    }
}
