namespace Cashew.Tool.Tests;

using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Cashew.Tool.Images;
using Cashew.Tool.Support;
using Xunit;

public sealed class ShellQuotingTests
{
    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    [Fact]
    public void Words_are_single_quoted_and_separated_by_spaces() =>
        Assert.Equal("'ls' '-l' ''"u8, ShellQuoting.Quote([Bytes("ls"), Bytes("-l"), []]));

    [Fact]
    public void Quotes_inside_a_word_leave_the_quoting() =>
        Assert.Equal("'it'\\''s'", Encoding.UTF8.GetString(ShellQuoting.Quote([Bytes("it's")])));

    [Fact]
    public void A_shell_reads_every_byte_back()
    {
        byte[][] words =
        [
            Enumerable.Range(1, 255).Select(value => (byte)value).ToArray(),
            Bytes("$HOME `id` \\ \" ' ! * ? ; & | < > ( ) { } ~ #"),
            Bytes("two\nlines\n"),
            Bytes("'"),
            Bytes("''"),
            [],
            [0xFF, 0xFE],
        ];
        using ScratchFolder scratch = new();
        string script = scratch.PathOf("script");
        string output = scratch.PathOf("output");
        byte[] text = [.. "printf '%s\\0' "u8, .. ShellQuoting.Quote(words), .. " >"u8, .. Bytes(output)];
        File.WriteAllBytes(script, text);

        External.RunChecked("sh", [script]);

        List<byte[]> read = RawArguments.SplitWords(File.ReadAllBytes(output));
        Assert.Equal(words, read);
    }
}
