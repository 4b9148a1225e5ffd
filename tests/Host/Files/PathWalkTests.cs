using System.Linq;
using Cashew.Abi;
using Cashew.Files;
using Xunit;

namespace Cashew.Host.Files;

/// <summary>path_resolution(7), rule by rule.</summary>
public sealed class PathWalkTests : FilesTest
{
    private const uint Private = 0x1C0; // 0700

    public PathWalkTests()
    {
        foreach (string path in (string[])["/d", "/d/sub", "/e"]) Assert.Equal(Errno.None, Mkdir(path));
        Create("/f", "file");
        Create("/d/g", "inner");
    }

    // ---- components ---------------------------------------------------------------------------------------

    [Fact]
    public void The_empty_path_names_nothing_unless_it_is_allowed_to_name_the_start()
    {
        Assert.Equal(Errno.ENOENT, StatError(""));
        Errno error = FileTree.GetStat(Caller, default, default, WalkFlags.AllowEmpty, out Stat stat);
        Assert.Equal(Errno.None, error);
        Assert.Equal(GetStat("/").st_ino, stat.st_ino);
    }

    [Theory]
    [InlineData("//f")]
    [InlineData("/d/../f")]
    [InlineData("/d///..//f")]
    [InlineData("/./d/./../f")]
    [InlineData("f")]
    [InlineData("./f")]
    [InlineData("../../f")]
    [InlineData("/../f")]
    [InlineData("/d/sub/../../f")]
    public void Slashes_dots_and_the_parent_of_the_root_add_nothing(string path)
        => Assert.Equal(GetStat("/f").st_ino, GetStat(path).st_ino);

    [Theory]
    [InlineData("/f/", Errno.ENOTDIR)]
    [InlineData("/f/.", Errno.ENOTDIR)]
    [InlineData("/f/..", Errno.ENOTDIR)]
    [InlineData("/f/x", Errno.ENOTDIR)]
    [InlineData("/d/", Errno.None)]
    [InlineData("/d/.", Errno.None)]
    [InlineData("/none", Errno.ENOENT)]
    [InlineData("/none/", Errno.ENOENT)]
    [InlineData("/none/..", Errno.ENOENT)]
    [InlineData("/d/none/x", Errno.ENOENT)]
    public void Only_directories_lead_on(string path, Errno expected)
        => Assert.Equal(expected, StatError(path));

    [Fact]
    public void A_name_has_at_most_255_bytes_and_a_path_4095()
    {
        string name = new('n', NameRules.MaxNameBytes);
        Create("/" + name);
        Assert.Equal(Errno.None, StatError("/" + name));
        Assert.Equal(Errno.ENAMETOOLONG, StatError("/" + name + "n"));
        Assert.Equal(Errno.ENAMETOOLONG, OpenError("/d/" + name + "n", OpenBits.O_CREAT | OpenBits.O_RDWR));

        string dots = string.Concat(Enumerable.Repeat("./", NameRules.MaxPathBytes / 2));
        Assert.Equal(Errno.None, StatError(dots + "f"));
        Assert.Equal(Errno.ENAMETOOLONG, StatError(dots + "ff"));
    }

    [Fact]
    public void The_working_directory_is_where_relative_paths_start()
    {
        Context.SetWorkingDirectory(Find("/d"));
        Assert.Equal(GetStat("/d/g").st_ino, GetStat("g").st_ino);
        Assert.Equal(GetStat("/f").st_ino, GetStat("../f").st_ino);
        PathLocation start = Find("/d/sub");
        Assert.Equal(Errno.None, FileTree.GetStat(Caller, start, "../g"u8, WalkFlags.None, out Stat stat));
        Assert.Equal(GetStat("/d/g").st_ino, stat.st_ino);
        start.Unpin();
    }

    [Fact]
    public void Nothing_leads_above_the_root_of_the_process()
    {
        Symlink("/", "/d/top");
        Symlink("../../..", "/d/up");
        Context.SetRoot(Find("/d"));
        Context.SetWorkingDirectory(Find("/"));
        Assert.Equal(Errno.ENOENT, StatError("/f"));
        Assert.Equal(Errno.ENOENT, StatError("../f"));
        Assert.Equal(Errno.ENOENT, StatError("/../../f"));
        Assert.Equal(Errno.None, StatError("/top/g"));
        Assert.Equal(Errno.None, StatError("/up/g"));
        Context.SetRoot(PinnedTop());
    }

    // ---- symbolic links -----------------------------------------------------------------------------------

    [Theory]
    [InlineData("/f", "/l")]
    [InlineData("f", "/l")]
    [InlineData("../f", "/d/l")]
    [InlineData("/d/../f", "/d/sub/l")]
    public void A_link_is_read_from_where_it_lies(string text, string path)
    {
        Symlink(text, path);
        Assert.Equal("file", ReadAll(path));
        Assert.Equal(Mode.S_IFLNK, GetStat(path).st_mode & Mode.S_IFMT);
    }

    [Fact]
    public void The_parent_of_a_link_to_a_directory_is_that_directorys()
    {
        Symlink("/d/sub", "/e/l");
        Assert.Equal(GetStat("/d/g").st_ino, GetStat("/e/l/../g").st_ino);
    }

    [Fact]
    public void A_slash_behind_a_link_follows_it()
    {
        Symlink("d", "/l");
        Symlink("f", "/m");
        Symlink("none", "/n");
        Assert.Equal(GetStat("/d").st_ino, GetStat("/l/").st_ino);
        Assert.NotEqual(GetStat("/d").st_ino, GetStat("/l").st_ino);
        Assert.Equal(Errno.ENOTDIR, StatError("/m/"));
        Assert.Equal(Errno.ENOENT, StatError("/n/"));
        Assert.Equal(Errno.None, StatError("/n"));
        Assert.Equal(Errno.ENOENT, OpenError("/n"));
    }

    [Fact]
    public void A_slash_at_the_end_of_a_links_text_asks_for_a_directory()
    {
        Symlink("d/", "/l");
        Symlink("f/", "/m");
        Assert.Equal("inner", ReadAll("/l/g"));
        Assert.Equal(Errno.ENOTDIR, OpenError("/m"));
    }

    [Fact]
    public void Links_in_the_middle_of_links_come_back_to_where_they_were()
    {
        Symlink("d", "/a");
        Symlink("a/sub/..", "/b");
        Symlink("../b/sub", "/e/c");
        Create("/d/sub/h", "deep");
        Assert.Equal("deep", ReadAll("/e/c/../sub/h"));
        Assert.Equal("deep", ReadAll("/e/c/h"));
    }

    [Fact]
    public void Forty_links_are_followed_and_one_more_is_a_loop()
    {
        Symlink("f", "/l0");
        for (int i = 1; i <= NameRules.MaxLinks; i++) Symlink($"l{i - 1}", $"/l{i}");
        Assert.Equal(Errno.None, OpenError($"/l{NameRules.MaxLinks - 1}"));
        Assert.Equal(Errno.ELOOP, OpenError($"/l{NameRules.MaxLinks}"));

        // It is the number that counts, not the depth.
        Symlink(".", "/here");
        string path = string.Concat(Enumerable.Repeat("here/", NameRules.MaxLinks));
        Assert.Equal(Errno.None, OpenError(path + "f"));
        Assert.Equal(Errno.ELOOP, OpenError(path + "here/f"));
    }

    [Fact]
    public void A_link_that_leads_to_itself_is_a_loop()
    {
        Symlink("l", "/l");
        Symlink("b", "/a");
        Symlink("a", "/b");
        Assert.Equal(Errno.ELOOP, OpenError("/l"));
        Assert.Equal(Errno.ELOOP, OpenError("/a/x"));
        Assert.Equal(Errno.ELOOP, OpenError("/a", OpenBits.O_CREAT | OpenBits.O_RDWR));
        Assert.Equal(Errno.None, StatError("/a"));
    }

    // open(2), O_CREAT: the file is made where a dangling link points.
    [Fact]
    public void Creation_follows_the_last_link_except_exclusively()
    {
        Symlink("/e/new", "/l");
        Assert.Equal(Errno.EEXIST, OpenError("/l", OpenBits.O_CREAT | OpenBits.O_EXCL | OpenBits.O_RDWR));
        Assert.Equal(Errno.ELOOP, OpenError("/l", OpenBits.O_CREAT | OpenBits.O_NOFOLLOW | OpenBits.O_RDWR));
        Create("/l", "made");
        Assert.Equal("made", ReadAll("/e/new"));
        Symlink("/", "/root");
        Assert.Equal(Errno.EISDIR, OpenError("/root", OpenBits.O_CREAT | OpenBits.O_RDWR));
    }

    // ---- permissions --------------------------------------------------------------------------------------

    [Fact]
    public void Each_directory_on_the_way_must_be_searchable_and_the_file_need_not_be_anything()
    {
        Assert.Equal(Errno.None, FileTree.MakeDirectory(Caller, default, "/p"u8, Private));
        Assert.Equal(Errno.None, Mkdir("/p/open"));
        Create("/p/open/f");
        Credentials = User();
        Assert.Equal(Errno.EACCES, StatError("/p/open/f"));
        Assert.Equal(Errno.EACCES, StatError("/p/none"));
        Assert.Equal(Errno.EACCES, StatError("/p/."));
        Assert.Equal(Errno.None, StatError("/p"));
        Assert.Equal(Errno.None, StatError("/p/"));

        // Whoever is inside already stays there.
        PathLocation start;
        Credentials = Credentials.ForRoot();
        start = Find("/p/open");
        Credentials = User();
        Assert.Equal(Errno.None, FileTree.GetStat(Caller, start, "f"u8, WalkFlags.None, out _));
        Assert.Equal(Errno.EACCES, FileTree.GetStat(Caller, start, "../open/f"u8, WalkFlags.None, out _));
        start.Unpin();
        Credentials = Credentials.ForRoot();
    }

    [Fact]
    public void A_file_in_the_place_of_a_directory_comes_before_permission()
    {
        Credentials = User();
        Assert.Equal(Errno.ENOTDIR, StatError("/f/x"));
        Credentials = Credentials.ForRoot();
    }

    // ---- mounts -------------------------------------------------------------------------------------------

    [Fact]
    public void Paths_cross_mounts_both_ways()
    {
        Assert.Equal(Errno.None, Mount("tmpfs", "/d/sub"));
        Create("/d/sub/m", "mounted");
        Assert.Equal("mounted", ReadAll("/d/sub/../sub/m"));
        Assert.Equal("inner", ReadAll("/d/sub/../g"));
        Symlink("../g", "/d/sub/l");
        Assert.Equal("inner", ReadAll("/d/sub/l"));
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

    private PathLocation PinnedTop()
    {
        PathLocation top = Mounts.RootLocation;
        Assert.True(top.TryPin());
        return top;
    }

    private void Symlink(string text, string path)
        => Assert.Equal(Errno.None, FileTree.MakeSymlink(Caller, Bytes(text), default, Bytes(path)));
}
