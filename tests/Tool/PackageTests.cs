namespace Cashew.Tool.Tests;

using System;
using System.Collections.Generic;
using System.Formats.Tar;
using System.IO;
using System.Linq;
using System.Text;
using Cashew.Tool.Images;
using Cashew.Tool.Support;
using Xunit;

public sealed class PackageTests
{
    private const UnixFileMode Executable = (UnixFileMode)0x1ED;

    [Theory]
    [InlineData("bash", true)]
    [InlineData("g++", true)]
    [InlineData("libstdc++6", true)]
    [InlineData("python3.11", true)]
    [InlineData("0ad", true)]
    [InlineData("bash-", false)]
    [InlineData("?essential", false)]
    [InlineData("-oDir::Etc=x", false)]
    [InlineData("a b", false)]
    [InlineData("Bash", false)]
    [InlineData("./local.deb", false)]
    public void Only_names_of_packages_are_given_to_apt(string name, bool isName) =>
        Assert.Equal(isName, PackageSelection.IsName(name));

    [Fact]
    public void Names_are_split_ordered_and_taken_once() =>
        Assert.Equal(["bash", "git", "make"], PackageNames.Split(["make,bash", " bash, git", ","]));

    [Fact]
    public void Sets_of_packages_have_different_file_names()
    {
        string[] many = Enumerable.Range(0, 40).Select(number => $"package{number}").ToArray();
        Assert.Equal("bash+git", PackageNames.FileName(["bash", "git"]));
        Assert.NotEqual(PackageNames.FileName(many), PackageNames.FileName(many[1..]));
        Assert.True(PackageNames.FileName(many).Length < 64);
    }

    [Fact]
    public void Lines_of_apt_are_told_from_words_for_people()
    {
        const string Answer = """
            Reading package lists...
            'http://host/pool/libc6_2.36-9%2bu14_amd64.deb' libc6_2.36-9+u14_amd64.deb 2759320 SHA256:ba4f
            'http://host/pool/hello_2.10_amd64.deb' hello_2.10_amd64.deb 55

            """;
        Assert.Equal(
            [
                new PackageFile("libc6_2.36-9+u14_amd64.deb", 2759320, "SHA256:ba4f"),
                new PackageFile("hello_2.10_amd64.deb", 55, ""),
            ],
            PackageSelection.Parse(Answer));
    }

    [Theory]
    [InlineData("dlstatus:3:50.0984:Retrieving file 3 of 8", true, 50.0984)]
    [InlineData("Get:3 http://host bookworm/main", false, 0)]
    [InlineData("dlstatus:x", false, 0)]
    public void Progress_of_apt_is_read(string line, bool isProgress, double expected)
    {
        Assert.Equal(isProgress, PackageSelection.TryParseProgress(line, out double percent));
        Assert.Equal(expected, percent);
    }

    [Theory]
    [InlineData("./", "")]
    [InlineData("./bin/bash", "usr/bin/bash")]
    [InlineData("./bin/", "usr/bin")]
    [InlineData("lib64/ld-linux-x86-64.so.2", "usr/lib64/ld-linux-x86-64.so.2")]
    [InlineData("./usr/bin/perl", "usr/bin/perl")]
    [InlineData("./etc/passwd", "etc/passwd")]
    [InlineData("/binary/file", "binary/file")]
    [InlineData("./var/run/sshd/", "run/sshd")]
    [InlineData("./var/lock/", "var/lock")]
    [InlineData("./var/lock/x", "run/lock/x")]
    [InlineData("./var/runs/x", "var/runs/x")]
    public void Files_go_where_an_installed_system_has_them(string name, string place) =>
        Assert.Equal(place, DebianLayout.Place(name));

    [Fact]
    public void A_name_that_leaves_the_root_is_refused() =>
        Assert.Throws<ArgumentException>(() => DebianLayout.Place("./usr/../../etc/passwd"));

    [Theory]
    [InlineData("usr/share/doc", true)]
    [InlineData("usr/share/man/man1/ls.1.gz", true)]
    [InlineData("usr/share/docutils/x", false)]
    [InlineData("usr/share/perl/5.36/strict.pm", false)]
    [InlineData("var/run", true)]
    [InlineData("var/lock", true)]
    [InlineData("var/log", false)]
    public void Documentation_and_what_became_links_is_left_out(string path, bool isLeftOut) =>
        Assert.Equal(isLeftOut, DebianLayout.IsLeftOut(path));

    [Fact]
    public void Files_keep_owner_mode_time_and_all_their_names()
    {
        IReadOnlyList<PackageItem> items = PackageReader.Items(Tar(), "test");

        Assert.Equal(["usr/bin", "usr/bin/tool", "usr/bin/link"], items.Select(item => item.Paths[0]));
        PackageItem tool = items[1];
        Assert.Equal(PackageItemKind.File, tool.Kind);
        Assert.Equal(["usr/bin/tool", "usr/bin/second-name"], tool.Paths);
        Assert.Equal(0x9ED, tool.Mode); // Set-user-ID and 0755.
        Assert.Equal(new FileOwnership(7, 42, 1_000_000_000), tool.Ownership);
        Assert.Equal("contents", Encoding.ASCII.GetString(tool.Content));
        Assert.Equal("../../etc/x", items[2].Target);
    }

    [Fact]
    public void A_link_to_a_file_that_is_not_there_is_a_failure()
    {
        MemoryStream tar = new();
        using (TarWriter writer = new(tar, leaveOpen: true))
            writer.WriteEntry(Link(TarEntryType.HardLink, "./a", "./b"));
        tar.Position = 0;
        Assert.Throws<Failure>(() => PackageReader.Items(tar, "test"));
    }

    [Fact]
    public void Configuration_does_what_is_free_and_leaves_the_rest_alone()
    {
        string recipe = """
            # A comment.
            copy  /usr/share/master  /etc/users  0644
            line  /etc/users         extra line: two words
            copy  /usr/share/absent  /etc/absent 0644
            copy  /usr/share/master  /etc/taken  0644
            first /usr/bin/awk       /usr/bin/gawk /usr/bin/mawk
            first /usr/bin/vi        /usr/bin/vim
            link  /etc/mtab          /proc/mounts
            """;

        string image = Configured(
            recipe, File("usr/share/master", "root\n"), File("usr/bin/mawk", ""), File("etc/taken", "own"));

        Assert.Contains("root\nextra line: two words\n", image);
        Assert.Contains("usr/bin/awk\0", image);
        Assert.Contains("/usr/bin/mawk", image);
        Assert.Contains("/proc/mounts", image);
        Assert.DoesNotContain("etc/absent", image);
        Assert.DoesNotContain("etc/taken", image);
        Assert.DoesNotContain("bin/vi", image);
    }

    [Theory]
    [InlineData("copy /only/two")]
    [InlineData("link /etc/mtab")]
    [InlineData("nonsense /a /b")]
    public void A_wrong_line_of_the_configuration_is_refused(string line) =>
        Assert.Throws<Failure>(() => Configured(line));

    private static string Configured(string recipe, params PackageItem[] items)
    {
        using ScratchFolder scratch = new();
        string path = scratch.PathOf("configure.txt");
        System.IO.File.WriteAllText(path, recipe);
        PackageConfiguration configuration = new(path);
        foreach (PackageItem item in items)
            configuration.Note(item);
        MemoryStream output = new();
        using (CpioWriter image = new(output))
            configuration.Apply(image);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static PackageItem File(string path, string content) => new()
    {
        Kind = PackageItemKind.File,
        Paths = [path],
        Mode = 0x1A4,
        Ownership = default,
        Content = Encoding.UTF8.GetBytes(content),
    };

    private static GnuTarEntry Link(TarEntryType type, string name, string target) =>
        new(type, name) { LinkName = target };

    private static MemoryStream Tar()
    {
        MemoryStream tar = new();
        using (TarWriter writer = new(tar, leaveOpen: true))
        {
            writer.WriteEntry(new GnuTarEntry(TarEntryType.Directory, "./") { Mode = Executable });
            writer.WriteEntry(new GnuTarEntry(TarEntryType.Directory, "./bin/") { Mode = Executable });
            writer.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, "./bin/tool")
            {
                Mode = Executable | UnixFileMode.SetUser,
                Uid = 7,
                Gid = 42,
                ModificationTime = DateTimeOffset.FromUnixTimeSeconds(1_000_000_000),
                DataStream = new MemoryStream(Encoding.ASCII.GetBytes("contents")),
            });
            writer.WriteEntry(Link(TarEntryType.HardLink, "./bin/second-name", "./bin/tool"));
            writer.WriteEntry(Link(TarEntryType.SymbolicLink, "./bin/link", "../../etc/x"));
            writer.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, "./usr/share/doc/tool/README"));
        }

        tar.Position = 0;
        return tar;
    }
}
