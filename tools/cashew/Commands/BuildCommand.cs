namespace Cashew.Tool.Commands;
using System.CommandLine;
using System.Collections.Generic;
using Cashew.Tool.Support;
internal static class BuildCommand
{
    internal static Command Create(Toolbox tools, IReadOnlyList<byte[]>? words = null)
    {
        Command command = new("build", "");
        return command;
    }
}
