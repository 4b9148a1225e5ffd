using System;
using System.IO;
using System.Reflection;
using Cashew.Syscalls;
using Xunit;

namespace Cashew.Host.Syscalls;

/// <summary>The table of calls, and the page that is written from it.</summary>
public sealed class CompatibilityTests
{
    private const string UpdateVariable = "CASHEW_UPDATE";

    private static readonly SyscallTable s_table = new();

    [Fact]
    public void The_page_is_up_to_date()
    {
        string path = Path.Combine(RepositoryRoot(), "docs", "compatibility.md");
        string wanted = CompatibilityPage.Render(s_table);
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1") File.WriteAllText(path, wanted);
        string found = File.Exists(path) ? File.ReadAllText(path) : "";
        Assert.True(wanted == found, $"docs/compatibility.md is out of date: run this with {UpdateVariable}=1");
    }

    [Fact]
    public void Each_call_is_entered_under_its_own_number()
    {
        int count = 0;
        for (int number = 0; number < SyscallTable.Length; number++)
        {
            if (s_table[number] is not { } entry) continue;
            Assert.Equal(number, entry.Number);
            Assert.Equal(CompatibilityPage.Names[number], entry.Name);
            count++;
        }

        Assert.True(count > 190, $"only {count} calls");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(SyscallTable.Length)]
    [InlineData(int.MaxValue)]
    public void A_number_out_of_range_is_no_call(int number) => Assert.Null(s_table[number]);

    // syscalls(2): x86-64 has 0 to 335 without a gap, then 424 and up, in step with all other architectures.
    [Fact]
    public void The_names_cover_all_numbers_of_the_architecture()
    {
        const int LastOld = 335;
        const int FirstShared = 424;
        for (int number = 0; number < SyscallTable.Length; number++)
        {
            bool isNumber = number is <= LastOld or >= FirstShared;
            Assert.True(isNumber == CompatibilityPage.Names.ContainsKey(number), $"number {number}");
        }
    }

    private static string RepositoryRoot()
    {
        foreach (AssemblyMetadataAttribute item in
            typeof(CompatibilityTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>())
        {
            if (item.Key == "RepositoryRoot") return item.Value!;
        }

        throw new InvalidOperationException("the build did not say where the repository is");
    }
}
