namespace Cashew.Tool.Commands;

using System.Collections.Generic;
using System.CommandLine;
using Cashew.Tool.Build;
using Cashew.Tool.Images;
using Cashew.Tool.Machines;
using Cashew.Tool.Support;

/// <summary>
/// <c>cashew run</c>: a login shell, or one program whose output and exit code become ours.
/// </summary>
internal static class RunCommand
{
    internal static Command Create(Toolbox tools, IReadOnlyList<byte[]>? words)
    {
        GuestOptions options = new();
        Command command = new("run", "Boot to a shell, or run one program: run [options] -- PROGRAM ARGS...");
        options.AddTo(command);
        command.SetAction(parsed => Run(tools, options, parsed, words));
        return command;
    }

    private static int Run(
        Toolbox tools, GuestOptions options, ParseResult parsed, IReadOnlyList<byte[]>? words)
    {
        GuestProgram? program = GuestOptions.Program(tools, words);
        using ScratchFolder scratch = new();
        MachineSpec spec = options.Prepare(parsed, tools, BuildKind.Release, program, scratch) with
        {
            Console = HostTerminal.InputIsTerminal ? ConsoleKind.Terminal : ConsoleKind.Output,
        };
        if (program == null)
            tools.Reporter.Say("exit leaves the shell and powers off; Ctrl-A X stops the machine");

        return GuestRun.Run(tools, spec, options.Machine.Timeout(parsed), expectsStatus: program != null);
    }
}
