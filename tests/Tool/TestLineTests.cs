namespace Cashew.Tool.Tests;

using Cashew.Tool.Machines;
using Cashew.Tool.Testing;
using Xunit;

public sealed class TestLineTests
{
    [Theory]
    [InlineData("TEST begin files-open.O_EXCL fails", TestEvent.Begin, "files-open.O_EXCL fails", "")]
    [InlineData("TEST ok a.b", TestEvent.Passed, "a.b", "")]
    [InlineData("TEST fail a.b: a.c:3: got 1: wanted 2", TestEvent.Failed, "a.b", "a.c:3: got 1: wanted 2")]
    [InlineData("TEST fail a.b:", TestEvent.Failed, "a.b", "")]
    [InlineData("TEST data a.b: 6869", TestEvent.Data, "a.b", "6869")]
    [InlineData("TEST end", TestEvent.End, "", "")]
    [InlineData("TEST end: 3 passed, 0 failed", TestEvent.End, "", "")]
    public void Reports_are_read(string line, object expected, string name, string why)
    {
        Assert.True(TestLine.TryParse(line, out TestLine parsed));
        Assert.Equal(new TestLine((TestEvent)expected, name, why), parsed);
    }

    [Theory]
    [InlineData("exit 0")]
    [InlineData("TEST")]
    [InlineData("TEST ok")]
    [InlineData("TEST maybe a.b")]
    [InlineData(" TEST ok a.b")]
    public void Other_lines_are_no_reports(string line) => Assert.False(TestLine.TryParse(line, out _));

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 255", 255)]
    [InlineData("exit 256", null)]
    [InlineData("exit -1", null)]
    [InlineData("exit", null)]
    [InlineData("TEST end", null)]
    public void Exit_statuses_are_read(string line, int? expected) =>
        Assert.Equal(expected, GuestRun.ParseStatus(line));
}
