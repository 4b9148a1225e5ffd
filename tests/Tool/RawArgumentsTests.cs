namespace Cashew.Tool.Tests;

using System.Collections.Generic;
using System.Linq;
using System.Text;
using Cashew.Tool.Support;
using Xunit;

public sealed class RawArgumentsTests
{
    private static string[] Split(string commandLine) => RawArguments
        .SplitWords(Encoding.Latin1.GetBytes(commandLine))
        .Select(word => Encoding.Latin1.GetString(word))
        .ToArray();

    [Fact]
    public void Words_end_with_a_NUL() =>
        Assert.Equal(["dotnet", "run", "--", "ls"], Split("dotnet\0run\0--\0ls\0"));

    [Fact]
    public void Empty_words_are_words() => Assert.Equal(["a", "", "", "b", ""], Split("a\0\0\0b\0\0"));

    [Fact]
    public void Bytes_that_are_no_text_stay() =>
        Assert.Equal(["\u00ff\u00fe", "\n"], Split("\u00ff\u00fe\0\n\0"));

    [Fact]
    public void Without_dashes_all_words_are_our_own()
    {
        (string[] own, IReadOnlyList<byte[]>? program) = RawArguments.Split(["build", "--debug"]);
        Assert.Equal(["build", "--debug"], own);
        Assert.Null(program);
    }

    [Fact]
    public void Only_the_first_dashes_end_our_words()
    {
        (string[] own, IReadOnlyList<byte[]>? program) = RawArguments.Split(["run", "--"]);
        Assert.Equal(["run"], own);
        Assert.Empty(program!);
    }
}
