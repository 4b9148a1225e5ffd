namespace Cashew.Tool;

using System;
using System.Collections.Generic;
using System.CommandLine;
using Cashew.Tool.Commands;
using Cashew.Tool.Support;

/// <summary>The command line of the Cashew kernel: builds it, runs it, tests it.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        Toolbox tools = new();
        try
        {
            (string[] own, IReadOnlyList<byte[]>? program) = RawArguments.Split(arguments);
            InvocationConfiguration configuration = new() { EnableDefaultExceptionHandler = false };
            return Commands(tools, program).Parse(own.Length > 0 ? own : ["--help"]).Invoke(configuration);
        }
        catch (Failure failure)
        {
            tools.Reporter.Fail(failure);
            return failure.ExitCode;
        }
    }

    private static RootCommand Commands(Toolbox tools, IReadOnlyList<byte[]>? program)
    {
        RootCommand root = new("Cashew: an operating-system kernel in C# that runs Linux programs.")
        {
            BuildCommand.Create(tools),
            RunCommand.Create(tools, program),
            TestCommand.Create(tools),
            BenchCommand.Create(tools),
            DebugCommand.Create(tools, program),
        };
        root.Subcommands.Add(HelpCommand.Create(root));
        return root;
    }
}
