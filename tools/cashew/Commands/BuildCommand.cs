namespace Cashew.Tool.Commands;

using System.CommandLine;
using System.IO;
using Cashew.Tool.Build;
using Cashew.Tool.Support;

/// <summary><c>cashew build</c>: makes the bootable image.</summary>
internal static class BuildCommand
{
    internal static Command Create(Toolbox tools)
    {
        Option<bool> debug = new("--debug")
        {
            Description = "With lock checks and assertions: artifacts/cashew-debug.elf",
        };
        Command command = new("build", "Build the kernel: artifacts/cashew.elf") { debug };
        command.SetAction(parsed =>
        {
            BuildKind kind = parsed.GetValue(debug) ? BuildKind.Debug : BuildKind.Release;
            string image = new KernelBuild(tools, kind).Make();
            tools.Reporter.Say($"{tools.Repository.Display(image)}, {new FileInfo(image).Length / 1024} KiB");
            return ExitCodes.Success;
        });
        return command;
    }
}
