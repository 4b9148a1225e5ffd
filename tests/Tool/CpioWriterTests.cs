namespace Cashew.Tool.Tests;

using System;
using System.IO;
using System.Linq;
using System.Text;
using Cashew.Tool.Images;
using Cashew.Tool.Support;
using Xunit;

public sealed class CpioWriterTests
{
    private static byte[] Archive(Action<CpioWriter> fill)
    {
        MemoryStream output = new();
        using (CpioWriter writer = new(output))
            fill(writer);
        return output.ToArray();
    }

    private static byte[] Pattern(int length) =>
        Enumerable.Range(0, length).Select(at => (byte)(at * 7)).ToArray();

    [Fact]
    public void An_entry_has_the_header_of_the_format()
    {
        byte[] archive = Archive(writer => writer.AddFile("a", 0x1A4, "hi"u8));
        string expected = "070701" + "00000001" + "000081A4" + "00000000" + "00000000" + "00000001"
            + "00000000" + "00000002" + "00000000" + "00000000" + "00000000" + "00000000" + "00000002"
            + "00000000" + "a\0hi\0\0";
        Assert.Equal(expected, Encoding.ASCII.GetString(archive, 0, expected.Length));
        Assert.Equal(0, archive.Length % 512);
    }

    [Fact]
    public void The_same_calls_give_the_same_bytes()
    {
        byte[] first = Archive(Fill);
        byte[] second = Archive(Fill);
        Assert.Equal(first, second);

        static void Fill(CpioWriter writer)
        {
            writer.AddDirectory("d", 0x1FF);
            writer.AddFile("d/f", 0x1A4, Pattern(10_000));
            writer.AddSymlink("d/l", "f");
            writer.AddCharacterDevice("d/c", 0x180, 5, 1);
        }
    }

    // Every offset before the file, so that the longest padding that names allow is reached and passed.
    [Fact]
    public void Contents_of_large_files_begin_on_a_page()
    {
        byte[] content = Pattern(CpioWriter.PageBytes);
        for (int before = 0; before < CpioWriter.PageBytes; before += 60)
        {
            byte[] archive = Archive(writer =>
            {
                writer.AddFile("before", 0x1A4, new byte[before % CpioWriter.PageBytes]);
                writer.AddFile("large/file", 0x1ED, content);
            });
            int at = archive.AsSpan().IndexOf(content);
            Assert.True(at > 0 && at % CpioWriter.PageBytes == 0, $"at {at} after {before} bytes");
        }
    }

    [Fact]
    public void An_entry_keeps_its_owner_and_its_time()
    {
        byte[] archive = Archive(
            writer => writer.AddDirectory("d", 0x1ED, new FileOwnership(1, 0x2A, 0x3B9ACA00)));
        string expected = "070701" + "00000001" + "000041ED" + "00000001" + "0000002A" + "00000002"
            + "3B9ACA00";
        Assert.Equal(expected, Encoding.ASCII.GetString(archive, 0, expected.Length));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/absolute")]
    public void Names_that_no_reader_accepts_are_refused(string path) =>
        Assert.Throws<ArgumentException>(() => Archive(writer => writer.AddDirectory(path, 0x1ED)));

    [Fact]
    public void Cpio_itself_reads_the_archive()
    {
        Assert.SkipUnless(Packages.IsOnPath("cpio"), "cpio is not installed");
        using ScratchFolder scratch = new();
        string archive = scratch.PathOf("archive");
        string target = scratch.PathOf("target");
        Directory.CreateDirectory(target);
        byte[] large = Pattern(100_000);
        File.WriteAllBytes(archive, Archive(writer =>
        {
            writer.AddDirectory("folder", 0x1ED);
            writer.AddFile("folder/small", 0x1A4, "small"u8);
            writer.AddFile("folder/large", 0x1ED, large);
            writer.AddSymlink("folder/link", "large");
            writer.AddFile("last", 0x180, large.AsSpan(1));
            writer.AddLinkedFile(["one", "two", "three"], 0x1A4, large, new FileOwnership(0, 0, 1_000_000));
        }));

        External.RunChecked("cpio", ["-i", "--quiet", "-F", archive], target);

        Assert.Equal("small", File.ReadAllText(Path.Combine(target, "folder", "small")));
        Assert.Equal(large, File.ReadAllBytes(Path.Combine(target, "folder", "link")));
        Assert.Equal(large[1..], File.ReadAllBytes(Path.Combine(target, "last")));
        string two = Path.Combine(target, "two");
        Assert.Equal(large, File.ReadAllBytes(two));
        File.WriteAllText(Path.Combine(target, "three"), "the same file");
        Assert.Equal("the same file", File.ReadAllText(two));
        UnixFileMode mode = File.GetUnixFileMode(Path.Combine(target, "last"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
    }
}
