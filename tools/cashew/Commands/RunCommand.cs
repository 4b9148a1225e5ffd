namespace Cashew.Tool.Commands;

using System.Collections.Generic;
using System.CommandLine;
using Cashew.Tool.Build;
using Cashew.Tool.Images;
using Cashew.Tool.Machines;
using Cashew.Tool.Support;

/// <summary><c>cashew run</c>: a login shell, or one program whose output and exit code become ours.</summary>
internal static class RunCommand
{
    internal static Command Create(Toolbox tools, IReadOnlyList<byte[]>? words)
    {
        MachineOptions options = new();
        Command command = new("run", "Boot to a shell, or run one program: run [options] -- PROGRAM ARGS...");
        options.AddTo(command);
        command.SetAction(parsed => Run(tools, options, parsed, words));
        return command;
    }

    private static int Run(Toolbox tools, MachineOptions options, ParseResult parsed, IReadOnlyList<byte[]>? words)
    {
        MachinePlan plan = new(tools, options, parsed);
        GuestProgram? program = plan.Program(words);

        using ScratchFolder scratch = new();
        MachineSpec spec = plan.Spec(
            BuildKind.Release, HostTerminal.Settings(), program, scratch.PathOf("initramfs.cpio"));
        if (program == null)
            tools.Reporter.Say("exit leaves the shell and powers off; Ctrl-A X stops the machine");

        ConsoleKind console = HostTerminal.InputIsTerminal ? ConsoleKind.Terminal : ConsoleKind.Output;
        return GuestRun.Run(
            tools, spec with { Console = console }, options.Timeout(parsed), expectsStatus: program != null);
    }
}
