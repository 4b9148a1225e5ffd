using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;
using Xunit;

namespace Cashew.Host.Files;

/// <summary>Files that are made up when they are read.</summary>
public sealed class GeneratedTests : FilesTest
{
    private readonly Lines _lines = new();
    private readonly Value _value = new();

    public GeneratedTests()
    {
        MadeUpType type = new();
        type.Instance.AddFile("a/b/lines"u8, GeneratedMode.ReadOnly, _lines);
        type.Instance.AddFile("a/value"u8, GeneratedMode.OwnerWrites, _value);
        type.Instance.AddText("greeting"u8, static text => text.Append("hello\n"u8));
        type.Instance.AddLink("l"u8, "a/b"u8);
        type.Instance.AddDirectory("a/empty"u8);
        FilesystemTypes.Register(type);
        Assert.Equal(Errno.None, Mkdir("/m"));
        Assert.Equal(Errno.None, Mount("madeup", "/m"));
    }

    [Fact]
    public void The_tree_has_what_was_added()
    {
        Assert.Equal(["a", "greeting", "l"], List("/m"));
        Assert.Equal(["b", "value", "empty"], List("/m/a"));
        Assert.Equal("hello\n", ReadAll("/m/greeting"));
        Assert.Equal(["lines"], List("/m/l"));
        Assert.Equal(4u, (uint)GetStat("/m/a").st_nlink);
        Assert.Equal(0, GetStat("/m/a/b/lines").st_size);
        Assert.Equal(Mode.S_IFREG | 0x124u, GetStat("/m/greeting").st_mode);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(4096)]
    public void Any_size_of_reads_gives_the_same_text(int readBytes)
    {
        OpenFile file = Open("/m/a/b/lines", OpenBits.O_RDONLY);
        byte[] buffer = new byte[readBytes];
        StringBuilder text = new();
        while (true)
        {
            UserDestination destination = new(buffer);
            IoResult result = file.Read(ref destination);
            Assert.False(result.IsError);
            if (result.Count == 0) break;
            text.Append(Encoding.UTF8.GetString(buffer, 0, (int)result.Count));
        }

        file.Release();
        Assert.Equal(_lines.Text, text.ToString());
        Assert.Equal(1, _lines.Starts);
    }

    [Fact]
    public void Reading_at_the_start_asks_again_and_reading_on_does_not()
    {
        OpenFile file = Open("/m/a/b/lines", OpenBits.O_RDONLY);
        byte[] buffer = new byte[4096];
        Assert.Equal(_lines.Text.Length, ReadAt(file, 0, buffer).Count);
        _lines.Count = 2;
        Assert.Equal(0, ReadAt(file, 10_000, buffer).Count);
        Assert.Equal(1, _lines.Starts);
        Assert.Equal("line 0\nline 1\n".Length, ReadAt(file, 0, buffer).Count);
        Assert.Equal(2, _lines.Starts);

        // Back, but not to the start: the text is produced anew up to there.
        Assert.Equal("1\n".Length, ReadAt(file, 12, buffer).Count);
        Assert.Equal("ne 0\nline 1\n".Length, ReadAt(file, 2, buffer).Count);
        Assert.Equal("ne 0\nline 1\n", Encoding.UTF8.GetString(buffer, 0, 12));
        file.Release();
    }

    [Fact]
    public void There_is_no_end_to_seek_from()
    {
        OpenFile file = Open("/m/greeting", OpenBits.O_RDONLY);
        Assert.Equal(Errno.EINVAL, file.Seek(0, SeekWhence.SEEK_END).Error);
        Assert.Equal(3, file.Seek(3, SeekWhence.SEEK_SET).Count);
        Assert.Equal(4, file.Seek(1, SeekWhence.SEEK_CUR).Count);
        byte[] buffer = new byte[8];
        UserDestination destination = new(buffer);
        Assert.Equal(2, file.Read(ref destination).Count);
        Assert.Equal("o\n", Encoding.UTF8.GetString(buffer, 0, 2));
        file.Release();
    }

    [Fact]
    public void An_error_comes_up_only_when_nothing_has_been_read_before_it()
    {
        OpenFile file = Open("/m/a/b/lines", OpenBits.O_RDONLY);
        byte[] buffer = new byte[4096];
        _lines.FailsAt = 3;
        int before = "line 0\nline 1\nline 2\n".Length;
        Assert.Equal(before, ReadAt(file, 0, buffer).Count);
        Assert.Equal(Errno.ESRCH, ReadAt(file, before, buffer).Error);
        _lines.FailsAt = 0;
        Assert.Equal(Errno.ESRCH, ReadAt(file, 0, buffer).Error);
        file.Release();
    }

    [Fact]
    public void A_write_is_a_whole_value_and_truncation_means_nothing()
    {
        OpenFile file = Open("/m/a/value", OpenBits.O_RDWR | OpenBits.O_TRUNC);
        Assert.Equal(3, WriteAt(file, 0, "42\n"u8).Count);
        Assert.Equal(2, WriteAt(file, 3, "7\n"u8).Count);
        Assert.Equal(["42\n", "7\n"], _value.Stored);
        Assert.Equal(Errno.EINVAL, WriteAt(file, 0, "bad"u8).Error);
        Assert.Equal(Errno.EINVAL, WriteAt(file, 0, new byte[UserAddress.PageSizeBytes]).Error);
        file.Release();
        Assert.Equal(Errno.EACCES, AsUser(() => OpenError("/m/a/value", OpenBits.O_WRONLY)));
        Assert.Equal(Errno.None, AsUser(() => OpenError("/m/a/value")));
        OpenFile reader = Open("/m/greeting", OpenBits.O_RDWR);
        Assert.Equal(Errno.EINVAL, WriteAt(reader, 0, "x"u8).Error);
        reader.Release();
    }

    [Fact]
    public void Nothing_is_made_removed_or_changed_from_outside()
    {
        Assert.Equal(Errno.EPERM, Mkdir("/m/x"));
        Assert.Equal(Errno.EACCES, OpenError("/m/x", OpenBits.O_CREAT | OpenBits.O_RDWR));
        Assert.Equal(Errno.EPERM, Unlink("/m/greeting"));
        Assert.Equal(Errno.EPERM, Rmdir("/m/a/empty"));
        Assert.Equal(Errno.EPERM, Rename("/m/greeting", "/m/hello"));
        PathLocation location = Find("/m/greeting");
        Inode inode = location.Inode;
        Assert.Equal(Errno.EPERM, inode.SetAttributes(new AttributeChange { Permissions = 0 }));
        Assert.Equal(Errno.EPERM, inode.SetAttributes(new AttributeChange { Uid = 1 }));
        Assert.Equal(Errno.None, inode.SetAttributes(new AttributeChange { Accessed = new Nanoseconds(5) }));
        location.Unpin();
    }

    [Fact]
    public void A_list_that_stops_goes_on_where_it_was()
    {
        OpenFile directory = Open("/m/a", OpenBits.O_RDONLY | OpenBits.O_DIRECTORY);
        Assert.Equal([".", "..", "b", "value", "empty"], ReadNames(directory, roomBytes: 32));
        directory.Release();
    }

    [Fact]
    public void Sysfs_says_which_processors_there_are()
    {
        Assert.Equal(Errno.None, Mkdir("/sys"));
        Assert.Equal(Errno.None, Mount("sysfs", "/sys"));
        Assert.Equal("0\n", ReadAll("/sys/devices/system/cpu/online"));
        Assert.Equal("\n", ReadAll("/sys/devices/system/cpu/offline"));
        Assert.Equal("1\n", ReadAll("/sys/devices/system/cpu/cpu0/topology/thread_siblings"));
        Assert.Equal(4096, GetStat("/sys/devices/system/cpu/online").st_size);
        Assert.Equal(Errno.EINVAL, Mount("sysfs", "/sys", "size=1"));
    }

    [Theory]
    [InlineData(0b1UL, "0")]
    [InlineData(0b1011UL, "0-1,3")]
    [InlineData(0b1110UL, "1-3")]
    [InlineData(ulong.MaxValue, "0-63")]
    [InlineData(0UL, "")]
    public void Sets_of_processors_are_ranges(ulong mask, string expected)
    {
        ByteBuilder text = new();
        ProcessorMask.AppendList(text, mask);
        Assert.Equal(expected, Encoding.UTF8.GetString(text.Written));
    }

    [Fact]
    public void Tables_of_mounts_escape_names_and_leave_out_what_is_not_below_the_root()
    {
        Assert.Equal(Errno.None, Mkdir("/a b"));
        MountOptions options = MountOptions.NoExecute | MountOptions.ReadOnly;
        Assert.Equal(Errno.None, Mount("tmpfs", "/a b", "size=4k", options));
        Assert.Equal(Errno.None, Mkdir("/m2"));
        Assert.Equal(Errno.None, Bind("/m/a", "/m2"));
        Assert.Equal("tmpfs /a\\040b tmpfs ro,noexec,size=4k,inode64 0 0\n", Table(MountTable.AppendMounts, 2));
        string info = Table(MountTable.AppendMountInfo, 3);
        Assert.Contains(" /a /m2 rw - madeup madeup rw\n", info);

        PathLocation root = Find("/m");
        ByteBuilder text = new();
        foreach (Mount mount in Mounts.List()) MountTable.AppendMounts(text, mount, root);
        Assert.Equal("madeup / madeup rw 0 0\n", Encoding.UTF8.GetString(text.Written));
        root.Unpin();
    }

    private string Table(Action<ByteBuilder, Mount, PathLocation> append, int index)
    {
        ByteBuilder text = new();
        append(text, Mounts.List()[index], Mounts.RootLocation);
        return Encoding.UTF8.GetString(text.Written);
    }

    private Errno AsUser(Func<Errno> action)
    {
        Credentials = User();
        Errno error = action();
        Credentials = Credentials.ForRoot();
        return error;
    }

    private static Credentials User() => new()
    {
        Uid = 1000,
        Euid = 1000,
        Fsuid = 1000,
        Gid = 1000,
        Egid = 1000,
        Fsgid = 1000,
    };

    private sealed class MadeUpType : FilesystemType
    {
        internal MadeUpType()
            : base("madeup") => Instance = new MadeUp(this);

        internal MadeUp Instance { get; }

        public override bool TryMount(
            ReadOnlySpan<byte> source, ReadOnlySpan<byte> options,
            [NotNullWhen(true)] out Filesystem? filesystem, out Errno error)
        {
            filesystem = Instance;
            error = Errno.None;
            return true;
        }
    }

    private sealed class MadeUp : GeneratedFilesystem
    {
        internal MadeUp(FilesystemType type)
            : base(type, 1)
        {
            Root = new GeneratedDirectory(this, NextNumber(), DirectoryNode);
            Keep();
        }

        protected override GeneratedDirectory Root { get; }
    }

    /// <summary>A line a piece, with pieces that are empty in between.</summary>
    private sealed class Lines : FileContents
    {
        internal int Count { get; set; } = 50;
        internal int? FailsAt { get; set; }
        internal int Starts { get; private set; }

        internal string Text
        {
            get
            {
                StringBuilder text = new();
                for (int i = 0; i < Count; i++) text.Append($"line {i}\n");
                return text.ToString();
            }
        }

        public override Errno Append(ByteBuilder text, ref TextCursor cursor)
        {
            if (cursor.Position == 0) Starts++;
            long line = cursor.Position / 2;
            if (line == FailsAt) return Errno.ESRCH;
            if (line == Count) cursor.Finish();
            else if (cursor.Position % 2 == 0) text.Append(Encoding.UTF8.GetBytes($"line {line}\n"));
            cursor.Position++;
            return Errno.None;
        }
    }

    private sealed class Value : FileContents
    {
        internal List<string> Stored { get; } = [];

        public override Errno Append(ByteBuilder text, ref TextCursor cursor)
        {
            cursor.Finish();
            return Errno.None;
        }

        public override Errno Store(in FileCaller opener, ReadOnlySpan<byte> text)
        {
            if (text.SequenceEqual("bad"u8)) return Errno.EINVAL;
            Stored.Add(Encoding.UTF8.GetString(text));
            return Errno.None;
        }
    }
}
