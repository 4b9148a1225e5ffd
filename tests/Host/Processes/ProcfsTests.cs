using System;
using System.Text;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Host.Files;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Processes;
using Xunit;

namespace Cashew.Host.Processes;

/// <summary>What /proc says, and to whom.</summary>
public sealed class ProcfsTests : FilesTest
{
    private const uint User = 1000;

    private static readonly Credentials s_user = new()
    {
        Uid = User,
        Euid = User,
        Suid = User,
        Fsuid = User,
        Gid = User,
        Egid = User,
        Sgid = User,
        Fsgid = User,
    };

    public ProcfsTests()
    {
        FilesystemTypes.Register(ProcfsType.Create());
        Assert.Equal(Errno.None, Mkdir("/proc"));
        Assert.Equal(Errno.None, Mount("proc", "/proc"));
    }

    [Fact]
    public void Self_is_whoever_reads_it()
    {
        using TestProcess first = new(Context);
        Assert.Equal($"{first.Process.Id}", Link("/proc/self"));
        using (TestProcess second = new(Context))
        {
            Assert.Equal($"{second.Process.Id}", Link("/proc/self"));
            Assert.Equal($"{second.Process.Id}/task/{second.Thread.Id}", Link("/proc/thread-self"));
            Assert.NotEqual(GetStat($"/proc/{first.Process.Id}").st_ino, GetStat("/proc/self/.").st_ino);
        }

        Assert.Equal($"{first.Process.Id}", Link("/proc/self"));
    }

    [Fact]
    public void A_process_is_there_as_long_as_it_lives_and_no_answer_is_remembered()
    {
        string path;
        using (TestProcess process = new(Context))
        {
            path = $"/proc/{process.Process.Id}";
            Assert.Equal(Errno.None, StatError(path + "/status"));
            Assert.Contains(path[6..], List("/proc"));
            Assert.Equal([path[6..]], List(path + "/task"));
        }

        Assert.Equal(Errno.ENOENT, StatError(path));
        Assert.DoesNotContain(path[6..], List("/proc"));
        Assert.Equal(Errno.ENOENT, StatError("/proc/0"));
        Assert.Equal(Errno.ENOENT, StatError("/proc/01"));
        Assert.Equal(Errno.ENOENT, StatError("/proc/-1"));
        Assert.Equal(Errno.ENOENT, StatError("/proc/99999999999"));
    }

    [Fact]
    public void Numbers_of_files_stay_the_same_from_one_look_to_the_next()
    {
        using TestProcess process = new(Context);
        foreach (string path in (string[])["/proc/self/stat", "/proc/self/fd", "/proc/thread-self/stat"])
            Assert.Equal(GetStat(path).st_ino, GetStat(path).st_ino);

        Assert.NotEqual(GetStat("/proc/self/stat").st_ino, GetStat("/proc/thread-self/stat").st_ino);
        Assert.NotEqual(GetStat("/proc/self/stat").st_ino, GetStat("/proc/self/status").st_ino);
    }

    [Fact]
    public void Stat_has_52_fields_whatever_the_name_is()
    {
        using TestProcess process = new(Context);
        process.Thread.Name = new CommandName("a) (b"u8);
        string text = ReadAll("/proc/self/stat");
        Assert.StartsWith($"{process.Process.Id} (a) (b) R ", text);
        Assert.Equal(52 - 2, text[(text.LastIndexOf(')') + 2)..].TrimEnd('\n').Split(' ').Length);
        process.Thread.Name = new CommandName("a\nb\\c"u8);
        Assert.StartsWith("Name:\ta\\nb\\\\c\n", ReadAll("/proc/self/status"));
        Assert.Equal("a\nb\\c\n", ReadAll("/proc/self/comm"));
    }

    [Fact]
    public void Only_the_process_itself_renames_its_threads()
    {
        using TestProcess process = new(Context);
        string path = $"/proc/{process.Process.Id}/comm";
        Assert.Equal("other".Length, Store(path, "other").Count);
        Assert.Equal("other\n", ReadAll(path));
        Store(path, "a name that is too long\n");
        Assert.Equal("a name that is \n", ReadAll(path));
        using TestProcess stranger = new(Context);
        Assert.Equal(Errno.EINVAL, Store(path, "mine").Error);
    }

    [Fact]
    public void Arguments_come_out_of_memory_and_a_title_replaces_them()
    {
        using TestProcess process = new(Context);
        AddressSpace memory = process.EnterNewMemory();
        MapRequest request = new() { LengthBytes = 2 * Page, Rights = PageRights.Read | PageRights.Write };
        Assert.True(memory.TryMap(request, out UserAddress at, out _));
        Assert.Equal(16, memory.CopyOut(at, "prog\0-x\0A=1\0B=2\0"u8));
        memory.Areas.ArgumentsStart = at;
        memory.Areas.ArgumentsEnd = at + 8;
        memory.Areas.EnvironmentStart = at + 8;
        memory.Areas.EnvironmentEnd = at + 16;
        Assert.Equal("prog\0-x\0", ReadAll("/proc/self/cmdline"));
        Assert.Equal("A=1\0B=2\0", ReadAll("/proc/self/environ"));

        Assert.Equal(14, memory.CopyOut(at, "prog: a title\0"u8));
        Assert.Equal("prog: a title\0", ReadAll("/proc/self/cmdline"));

        // An address that leads nowhere ends the text, no more.
        memory.Areas.EnvironmentStart = at + 2 * Page;
        memory.Areas.EnvironmentEnd = at + 2 * Page + 10;
        Assert.Equal("", ReadAll("/proc/self/environ"));
        string line = $"{at.Value:x8}-{at.Value + 2 * Page:x8} rw-p 00000000 00:00 0 \n";
        Assert.Equal(line, ReadAll("/proc/self/maps"));
    }

    [Fact]
    public void Descriptors_are_links_to_the_files_even_without_a_name()
    {
        using TestProcess process = new(Context);
        Create("/f", "text");
        OpenFile file = Open("/f", OpenBits.O_RDONLY);
        Assert.True(process.Thread.Descriptors.TryAdd(file, 10, FdFlags.CloseOnExec, out int fd, out _));
        Assert.Equal([$"{fd}"], List("/proc/self/fd"));
        Assert.Equal("/f", Link($"/proc/self/fd/{fd}"));
        Assert.Equal(Mode.S_IFLNK | Mode.S_IRUSR | Mode.S_IXUSR, GetStat($"/proc/self/fd/{fd}").st_mode);
        string info = ReadAll($"/proc/self/fdinfo/{fd}");
        Assert.StartsWith("pos:\t0\nflags:\t02100000\nmnt_id:\t", info);

        Assert.Equal(Errno.None, Unlink("/f"));
        Assert.Equal("/f (deleted)", Link($"/proc/self/fd/{fd}"));
        Assert.Equal("text", ReadAll($"/proc/self/fd/{fd}"));
        OpenFile again = Open($"/proc/self/fd/{fd}", OpenBits.O_RDWR | OpenBits.O_CREAT | OpenBits.O_TRUNC);
        again.Release();
        Assert.Equal("", ReadAll($"/proc/self/fd/{fd}"));
        Assert.Equal(Errno.EEXIST, OpenError($"/proc/self/fd/{fd}", OpenBits.O_CREAT | OpenBits.O_EXCL));
        Assert.Equal(Errno.ENOTDIR, OpenError($"/proc/self/fd/{fd}/x"));
        Assert.Equal(Errno.ENOENT, StatError($"/proc/self/fd/{fd + 1}"));
        Assert.True(process.Thread.Descriptors.TryRemove(fd, out OpenFile? closed));
        closed.Release();
        Assert.Equal(Errno.ENOENT, OpenError($"/proc/self/fd/{fd}"));
    }

    [Fact]
    public void A_pipe_opened_again_waits_for_nobody_and_is_the_same_pipe()
    {
        using TestProcess process = new(Context);
        TestPipe.Create(Credentials, 0, out OpenFile reader, out OpenFile writer);
        Assert.True(process.Thread.Descriptors.TryAdd(reader, 10, FdFlags.None, out int readFd, out _));
        UserSource source = new("abc"u8);
        Assert.Equal(3, writer.Write(ref source).Count);
        writer.Release();
        Assert.StartsWith("pipe:[", Link($"/proc/self/fd/{readFd}"));

        OpenFile again = Open($"/proc/self/fd/{readFd}", OpenBits.O_RDONLY);
        byte[] buffer = new byte[8];
        UserDestination destination = new(buffer);
        Assert.Equal(3, again.Read(ref destination).Count);
        Assert.Equal(0, again.Read(ref destination).Count);
        again.Release();
        Assert.True(process.Thread.Descriptors.TryRemove(readFd, out OpenFile? closed));
        closed.Release();
    }

    [Fact]
    public void Working_directory_and_root_lead_to_places()
    {
        Assert.Equal(Errno.None, Mkdir("/d"));
        Create("/d/f", "here");
        Context.SetWorkingDirectory(Find("/d"));
        using (TestProcess process = new(Context))
        {
            Assert.Equal("/d", Link("/proc/self/cwd"));
            Assert.Equal("/", Link("/proc/self/root"));
            Assert.Equal("here", ReadAll("/proc/self/cwd/f"));
            Assert.Equal("here", ReadAll("/proc/self/root/d/f"));
            Assert.False(FileTree.TryReadLink(Caller, default, "/proc/self/exe"u8, out _, out Errno error));
            Assert.Equal(Errno.ENOENT, error);
        }

        Context.SetWorkingDirectory(Find("/"));
    }

    [Theory]
    [InlineData("environ")]
    [InlineData("auxv")]
    [InlineData("maps")]
    [InlineData("personality")]
    [InlineData("fd")]
    public void Secrets_of_others_are_kept(string name)
    {
        using TestProcess root = new(Context);
        string path = $"/proc/{root.Process.Id}/{name}";
        using TestProcess user = new(Context, s_user);
        Credentials = s_user;
        Assert.Equal(Errno.EACCES, OpenError(path));
        Assert.Equal(Errno.None, OpenError($"/proc/{user.Process.Id}/{name}"));
        Assert.Equal(Errno.None, OpenError($"/proc/{root.Process.Id}/status"));
        Credentials = Credentials.ForRoot();
    }

    [Fact]
    public void Links_of_others_are_not_followed_and_their_addresses_not_told()
    {
        using TestProcess root = new(Context);
        AddressSpace memory = root.EnterNewMemory();
        memory.Areas.CodeStart = new UserAddress(0x123000);
        string path = $"/proc/{root.Process.Id}";
        Assert.Contains($" {0x123000} ", ReadAll(path + "/stat"));
        using TestProcess user = new(Context, s_user);
        Credentials = s_user;
        Assert.False(FileTree.TryReadLink(Caller, default, Bytes(path + "/cwd"), out _, out Errno error));
        Assert.Equal(Errno.EACCES, error);
        Assert.Equal(Errno.EACCES, OpenError(path + "/cwd/proc"));
        Assert.DoesNotContain($" {0x123000} ", ReadAll(path + "/stat"));
        Credentials = Credentials.ForRoot();
    }

    // proc(5): a process that is not dumpable belongs to root, but reaches its own files.
    [Fact]
    public void A_process_that_guards_itself_belongs_to_root_for_others()
    {
        using TestProcess guarded = new(Context, s_user);
        guarded.Process.Dumpable = 0;
        string path = $"/proc/{guarded.Process.Id}";
        Credentials = s_user;
        Assert.Equal(Errno.None, OpenError(path + "/environ"));
        using (TestProcess other = new(Context, s_user))
        {
            Assert.Equal(0u, GetStat(path + "/environ").st_uid);
            Assert.Equal(Errno.EACCES, OpenError(path + "/environ"));
        }

        Credentials = Credentials.ForRoot();
    }

    [Fact]
    public void The_adjustment_of_the_choice_when_memory_is_out_is_lowered_with_privilege_only()
    {
        using TestProcess process = new(Context, s_user);
        Credentials = s_user;
        const string path = "/proc/self/oom_score_adj";
        Assert.Equal(4, Store(path, "500\n").Count);
        Assert.Equal("500\n", ReadAll(path));
        Assert.Equal(3, Store(path, "499").Count);
        Assert.Equal(Errno.EACCES, Store(path, "-1").Error);
        Assert.Equal(Errno.EINVAL, Store(path, "1001").Error);
        Assert.Equal(Errno.EINVAL, Store(path, "x").Error);
        Assert.Equal(Errno.EINVAL, Store(path, "").Error);
        Credentials = Credentials.ForRoot();
        Assert.Equal(5, Store(path, "-1000").Count);
        Assert.Equal("-1000\n", ReadAll(path));
    }

    [Fact]
    public void Proc_is_one_and_nobody_adds_to_it()
    {
        Assert.Equal(Errno.ENOENT, OpenError("/proc/new", OpenBits.O_CREAT | OpenBits.O_RDWR));
        Assert.Equal(Errno.ENOENT, Mkdir("/proc/new"));
        Assert.Equal(Errno.EPERM, Unlink("/proc/version"));
        Assert.Equal(Errno.None, Mkdir("/second"));
        Assert.Equal(Errno.None, Mount("proc", "/second"));
        Assert.Equal(GetStat("/proc/uptime").st_ino, GetStat("/second/uptime").st_ino);
        Assert.Equal(Errno.EINVAL, Mount("proc", "/second", "hidepid=2"));
        Assert.Equal("proc /proc proc rw 0 0\nproc /second proc rw 0 0\n", WithProcess(() =>
            ReadAll("/proc/mounts").Split("rootfs rw,relatime,inode64 0 0\n")[1]));
    }

    [Theory]
    [InlineData("loadavg", 5)]
    [InlineData("uptime", 2)]
    public void Figures_in_a_line_have_their_number(string name, int fields)
        => Assert.Equal(fields, WithProcess(() => ReadAll("/proc/" + name)).TrimEnd('\n').Split(' ').Length);

    [Fact]
    public void Every_file_of_the_system_can_be_read()
    {
        using TestProcess process = new(Context);
        ReadTree("/proc/sys/");
        ReadTree("/proc/cashew/");
        foreach (string name in List("/proc"))
        {
            if (name is "self" or "thread-self" or "sys" or "cashew") continue;
            if (!char.IsDigit(name[0])) ReadAll("/proc/" + name);
        }
    }

    [Fact]
    public void Settings_can_be_set_within_their_bounds()
    {
        Assert.Equal("0\n", ReadAll("/proc/sys/vm/overcommit_memory"));
        Assert.Equal(2, Store("/proc/sys/vm/overcommit_memory", "1\n").Count);
        Assert.Equal(OvercommitMode.Always, Commitment.Mode);
        Assert.Equal(Errno.EINVAL, Store("/proc/sys/vm/overcommit_memory", "3").Error);
        Assert.Equal(Errno.EINVAL, Store("/proc/sys/vm/overcommit_memory", "99999999999999999999").Error);
        Assert.Equal(1, Store("/proc/sys/vm/overcommit_memory", "0").Count);

        byte[] name = SystemNames.Nodename.ToArray();
        Assert.Equal(9, Store("/proc/sys/kernel/hostname", "box\nother").Count);
        Assert.Equal("box\n", ReadAll("/proc/sys/kernel/hostname"));
        SystemNames.SetNodename(name);
        Credentials = s_user;
        Assert.Equal(Errno.EACCES, OpenError("/proc/sys/kernel/hostname", OpenBits.O_WRONLY));
        Credentials = Credentials.ForRoot();
    }

    [Fact]
    public void The_collector_collects_when_told_to()
    {
        Assert.Equal(8, Store("/proc/cashew/gc", "collect\n").Count);
        Assert.True(Cashew.Runtime.Collector.IsWanted);
        Cashew.Runtime.Collector.IsWanted = false;
        Assert.Equal(Errno.EINVAL, Store("/proc/cashew/gc", "please").Error);
    }

    private void ReadTree(string path)
    {
        foreach (string name in List(path))
        {
            uint mode = GetStat(path + name).st_mode;
            if ((mode & Mode.S_IFMT) == Mode.S_IFDIR) ReadTree(path + name + "/");
            else if ((mode & Mode.S_IRUSR) != 0) Assert.True(ReadAll(path + name).Length != 0, path + name);
        }
    }

    private string WithProcess(Func<string> action)
    {
        using TestProcess process = new(Context);
        return action();
    }

    private string Link(string path)
    {
        bool isRead = FileTree.TryReadLink(Caller, default, Bytes(path), out byte[]? target, out Errno error);
        Assert.True(isRead, $"{path}: {error}");
        return Encoding.UTF8.GetString(target!);
    }

    private IoResult Store(string path, string text)
    {
        OpenFile file = Open(path, OpenBits.O_WRONLY | OpenBits.O_TRUNC);
        IoResult result = WriteAt(file, 0, Bytes(text));
        file.Release();
        return result;
    }
}
