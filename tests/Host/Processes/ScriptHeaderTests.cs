using System;
using System.Text;
using Cashew.Abi;
using Cashew.Processes;
using Xunit;

namespace Cashew.Host.Processes;

/// <summary>The first line of a script.</summary>
/// <source>execve(2), "Interpreter scripts".</source>
public sealed class ScriptHeaderTests
{
    [Theory]
    [InlineData("#!/bin/sh\n", "/bin/sh", "")]
    [InlineData("#!/bin/sh", "/bin/sh", "")]
    [InlineData("#! \t /bin/sh \t \n", "/bin/sh", "")]
    [InlineData("#!/bin/sh -e\n", "/bin/sh", "-e")]
    [InlineData("#!/bin/sh\t-e  -x\t\nmore", "/bin/sh", "-e  -x")]
    [InlineData("#!sh a\0b\n", "sh", "a")]
    [InlineData("#!/bin/sh\r\n", "/bin/sh\r", "")]
    public void The_rest_of_the_line_is_one_argument(string head, string interpreter, string argument)
    {
        Assert.True(ScriptHeader.TryParse(Latin(head), out ScriptHeader header, out _));
        Assert.Equal(interpreter, Encoding.Latin1.GetString(header.Interpreter));
        Assert.Equal(argument, Encoding.Latin1.GetString(header.Argument));
    }

    [Theory]
    [InlineData("")]
    [InlineData("#")]
    [InlineData("#!\n/bin/sh")]
    [InlineData("#!  \t\n")]
    [InlineData("!#/bin/sh")]
    [InlineData("#!\0/bin/sh")]
    public void A_line_that_names_nobody_is_refused(string head)
    {
        Assert.False(ScriptHeader.TryParse(Latin(head), out _, out Errno error));
        Assert.Equal(Errno.ENOEXEC, error);
    }

    // Linux takes the empty name for the current directory.
    [Fact]
    public void Neither_a_name_nor_the_end_of_a_line_is_eacces()
    {
        Assert.False(ScriptHeader.TryParse(Latin("#!"), out _, out Errno error));
        Assert.Equal(Errno.EACCES, error);
    }

    // The look-ahead is 256 bytes, of which the last one is never part of the line.
    [Theory]
    [InlineData(252, true)]
    [InlineData(253, false)]
    public void A_name_that_does_not_end_in_sight_is_refused(int nameBytes, bool isAccepted)
    {
        byte[] file = Latin("#!" + new string('x', nameBytes) + " y\n");
        Assert.Equal(isAccepted, ScriptHeader.TryParse(Head(file), out ScriptHeader header, out _));
        if (isAccepted) Assert.Equal(nameBytes, header.Interpreter.Length);
    }

    [Fact]
    public void An_argument_that_does_not_end_in_sight_is_cut()
    {
        byte[] file = Latin("#!sh " + new string('a', 400) + "\n");
        Assert.True(ScriptHeader.TryParse(Head(file), out ScriptHeader header, out _));
        Assert.Equal(255 - "#!sh ".Length, header.Argument.Length);
    }

    [Fact]
    public void Any_line_is_taken_apart_as_the_manual_says()
    {
        Random random = new(3);
        ReadOnlySpan<char> alphabet = "ab/ \t\n\0";
        int accepted = 0;
        for (int round = 0; round < 50_000; round++)
        {
            string text = "#!" + new string(random.GetItems(alphabet, random.Next(20)));
            string line = text[2..].Split('\n', '\0')[0].Trim(' ', '\t');
            string[] words = line.Split([' ', '\t'], 2);
            bool isAccepted = ScriptHeader.TryParse(Latin(text), out ScriptHeader header, out _);
            Assert.Equal(words[0].Length > 0, isAccepted);
            if (!isAccepted) continue;
            accepted++;
            Assert.Equal(words[0], Encoding.Latin1.GetString(header.Interpreter));
            string argument = words.Length > 1 ? words[1].Trim(' ', '\t') : "";
            Assert.Equal(argument, Encoding.Latin1.GetString(header.Argument));
        }

        Assert.True(accepted > 10_000);
    }

    private static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);

    private static ReadOnlySpan<byte> Head(byte[] file) =>
        file.AsSpan(0, Math.Min(file.Length, ScriptHeader.LookBytes));
}
