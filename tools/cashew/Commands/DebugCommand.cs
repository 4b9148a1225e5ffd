namespace Cashew.Tool.Commands;

using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Cashew.Tool.Build;
using Cashew.Tool.Build.Elf;
using Cashew.Tool.Images;
using Cashew.Tool.Machines;
using Cashew.Tool.Support;

/// <summary><c>cashew debug</c>: a machine that waits, and gdb attached to it.</summary>
internal static class DebugCommand
{
    // Where the kernel gives up, as parts of the compiler's symbols (overloads have a number behind them).
    private static readonly string[] s_lastStops = ["_Panic__Stop", "_Exceptions__FailFast"];

    internal static Command Create(Toolbox tools, IReadOnlyList<byte[]>? words)
    {
        GuestOptions options = new();
        Command command = new("debug", "Like run, under gdb: stops at boot, and at a panic");
        options.AddTo(command);
        command.SetAction(parsed => Run(tools, options, parsed, words));
        return command;
    }

    private static int Run(
        Toolbox tools, GuestOptions options, ParseResult parsed, IReadOnlyList<byte[]>? words)
    {
        if (parsed.GetValue(options.Machine.Kernel) == KernelChoice.Linux)
            throw new Failure("debug is for Cashew's kernel: Debian's comes without symbols");
        tools.Packages.Require(Packages.Debugger);
        GuestProgram? program = words == null ? null : GuestOptions.Program(tools, words);

        using ScratchFolder scratch = new();
        MachineSpec spec = options.Prepare(parsed, tools, BuildKind.Debug, program, scratch);
        string stub = scratch.PathOf("gdb");
        string log = tools.Repository.ArtifactOf("debug-console.log");
        spec = spec with
        {
            Console = ConsoleKind.File,
            ConsoleLog = log,
            IsDetached = true,
            Extra = ["-S", "-gdb", $"unix:{stub},server=on,wait=off"],
        };
        string commands = scratch.PathOf("commands");
        File.WriteAllText(commands, Commands(tools.Repository, spec.Kernel, stub, log));

        tools.Reporter.Say($"the guest's console goes to {tools.Repository.Display(log)}");
        using VirtualMachine machine = VirtualMachine.Start(spec);
        using Process debugger = External.Start(new ProcessStartInfo("gdb", ["-q", "-nx", "-x", commands]));
        debugger.WaitForExit();
        return debugger.ExitCode;
    }

    private static string Commands(Repository repository, string kernel, string stub, string log)
    {
        IEnumerable<string> breakpoints = new ElfFile(kernel).Symbols
            .Where(symbol => symbol.Kind == ElfSymbolKind.Function && s_lastStops.Any(symbol.Name.Contains))
            .Select(symbol => symbol.Name).Distinct().Order()
            // Hardware breakpoints: memory is not mapped yet when they are set.
            .Select(name => $"hbreak *(long)&'{name}'");
        return $"""
            set confirm off
            set pagination off
            set print asm-demangle off
            set disassembly-flavor intel
            set substitute-path /cashew {repository.Root}
            set substitute-path /_ {repository.Root}
            file {kernel}
            python
            import os, time
            for _ in range(100):
                if os.path.exists('{stub}'):
                    break
                time.sleep(0.05)
            end
            target remote {stub}
            {string.Join('\n', breakpoints)}
            define console
              shell tail -n 40 '{log}'
            end
            document console
            Show the end of the guest's console.
            end
            define next-instructions
              x/12i $pc
            end
            document next-instructions
            Disassemble from the current instruction on.
            end
            echo \ncontinue boots; console shows the guest's console; Ctrl-C stops it.\n

            """;
    }
}
