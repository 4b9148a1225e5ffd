namespace Cashew.Tool.Tests;

using System.IO;
using Cashew.Tool.Build;
using Cashew.Tool.Support;
using Xunit;

public sealed class XmmCheckTests
{
    private const string Source = """
        .type first, @function
        first:
            movups %xmm3, (%rdi)
            ret
        .type second, @function
        second:
            vaddps %ymm9, %ymm9, %ymm9
            ret
        """;

    [Theory]
    [InlineData("xmm3\nxmm9\n", null)]
    [InlineData("xmm0 # unused\nxmm3\nxmm9", null)]
    [InlineData("xmm3\n", "xmm9: second")]
    [InlineData("# none\n", "xmm3: first\nxmm9: second")]
    [InlineData(null, null)]
    public void Registers_that_are_not_listed_are_refused(string? list, string? complaint)
    {
        Assert.SkipUnless(Packages.IsOnPath("gcc"), "gcc is not installed");
        using ScratchFolder scratch = new();
        string source = scratch.PathOf("source.S");
        string code = scratch.PathOf("code.o");
        string report = scratch.PathOf("report");
        string saved = scratch.PathOf("xmm.txt");
        File.WriteAllText(source, Source);
        External.RunChecked("gcc", ["-c", source, "-o", code]);
        if (list != null)
            File.WriteAllText(saved, list);

        Failure? failure = Record.Exception(() => XmmCheck.Run(code, report, saved)) as Failure;

        Assert.Equal(complaint, failure?.Details);
        Assert.Equal(["xmm3: first", "xmm9: second"], File.ReadAllLines(report));
    }
}
