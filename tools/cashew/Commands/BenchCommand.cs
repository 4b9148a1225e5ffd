namespace Cashew.Tool.Commands;

using System.CommandLine;
using Cashew.Tool.Support;

/// <summary><c>cashew bench</c>: the same measurements on Linux and on Cashew.</summary>
internal static class BenchCommand
{
    internal static Command Create()
    {
        Command command = new("bench", "Compare with Linux (not built yet)");
        command.SetAction(int (_) => throw new Failure("bench is not built yet: bench/ has no programs"));
        return command;
    }
}
