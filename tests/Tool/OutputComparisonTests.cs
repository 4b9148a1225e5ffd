namespace Cashew.Tool.Tests;

using System.Text;
using Cashew.Tool.Testing;
using Xunit;

public sealed class OutputComparisonTests
{
    private static string? Difference(string expected, string actual) =>
        OutputComparison.Difference(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(actual));

    [Fact]
    public void Equal_outputs_have_no_difference() => Assert.Null(Difference("a\nb\n", "a\nb\n"));

    [Fact]
    public void The_first_line_that_differs_is_shown_with_the_ones_before()
    {
        string? difference = Difference("a\nb\nc\nd\n", "a\nb\nx\nd\n");
        Assert.StartsWith("line 3 differs", difference);
        Assert.Contains("    a\n    b\n  - c\n", difference);
        Assert.Contains("  + x\n", difference);
    }

    [Theory]
    [InlineData("a\n", "a")]
    [InlineData("a\n", "a\nb\n")]
    [InlineData("a\nb\n", "a\n")]
    [InlineData("", "\n")]
    [InlineData("a\r\n", "a\n")]
    public void What_is_missing_or_too_much_is_a_difference(string expected, string actual) =>
        Assert.NotNull(Difference(expected, actual));

    [Fact]
    public void Control_characters_can_be_seen() => Assert.Contains("a\\x1b", Difference("a\n", "a\u001b\n"));
}
