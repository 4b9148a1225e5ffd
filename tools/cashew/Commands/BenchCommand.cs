namespace Cashew.Tool.Commands;

using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Cashew.Tool.Bench;
using Cashew.Tool.Build;
using Cashew.Tool.Machines;
using Cashew.Tool.Support;
using Spectre.Console;

/// <summary>
/// <c>cashew bench</c>: the same programs on Linux and on Cashew, in the same machine, by turns.
/// </summary>
internal sealed class BenchCommand
{
    private const int UsualRuns = 3;

    // What a distribution with its compilers takes, in MiB.
    private const int Large = 300;

    private readonly Toolbox _tools;
    private readonly BenchPrograms _programs;

    private readonly Option<BenchKernels> _kernels = new("--kernel")
    {
        Description = "both, cashew, or linux: Linux in Cashew's place, too, which shows the noise",
        HelpName = "both|linux|cashew",
        DefaultValueFactory = _ => BenchKernels.Both,
    };

    private readonly Option<string[]> _rows = new("--rows")
    {
        Description = "Only these rows, separated by commas (bench/README.md names them)",
        HelpName = "A,B",
    };

    private readonly Option<int?> _runs = new("--runs")
    {
        Description = "How many times each kernel boots; 3, or 1 with --icount",
        HelpName = "N",
    };

    private readonly Option<bool> _icount = new("--icount")
    {
        Description = "Count instructions instead of time: slower, and the same each time",
    };

    private readonly Option<string?> _json = new("--json")
    {
        Description = "Write every sample to a file, too",
        HelpName = "FILE",
    };

    private readonly Option<MachineModel> _model = new("--machine")
    {
        Description = "QEMU's machine type for all rows but start-*; microvm hangs Linux now and then",
        HelpName = "microvm|q35|pc",
        DefaultValueFactory = _ => MachineModel.Q35,
    };

    private readonly Option<string> _memory = new("--memory")
    {
        Description = "The guest's memory, as in 512M or 2G",
        HelpName = "SIZE",
        DefaultValueFactory = _ => "768M",
    };

    private readonly Option<AcceleratorChoice> _accelerator = new("--accel")
    {
        Description = "kvm, tcg (software emulation), or auto: the best that works",
        HelpName = "auto|kvm|tcg",
        DefaultValueFactory = _ => AcceleratorChoice.Auto,
    };

    private BenchCommand(Toolbox tools)
    {
        _tools = tools;
        _programs = new BenchPrograms(tools);
    }

    internal static Command Create(Toolbox tools)
    {
        BenchCommand bench = new(tools);
        Command command = new("bench", "Measure Cashew against Linux: same programs, same machine")
        {
            bench._kernels, bench._rows, bench._runs, bench._icount, bench._json, bench._model, bench._memory,
            bench._accelerator,
        };
        command.SetAction(bench.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        bool countsInstructions = parsed.GetValue(_icount);
        int runs = parsed.GetValue(_runs) ?? (countsInstructions ? 1 : UsualRuns);
        if (runs < 1)
            throw new Failure("--runs takes a number above 0");
        BenchSettings settings = new(runs, countsInstructions, parsed.GetValue(_memory)!);
        _ = MemorySize.KibibytesOf(settings.Memory); // Refuses what is no size, before anything is built.
        _tools.Packages.Require(Packages.Emulator, Packages.MuslCompiler);
        _programs.Compile();

        List<BenchRow> rows = Rows(parsed.GetValue(_rows) ?? []);
        BenchKernels kernels = parsed.GetValue(_kernels);
        string? linux = kernels == BenchKernels.Cashew ? null : new LinuxKernel(_tools.Debian).Image();
        MachineSpec machine = Machine(parsed, settings);
        BenchVariant[] variants = Variants(kernels, machine, linux);
        BenchResults results = new(variants, rows);
        IReadOnlyList<(string Name, string Value)> facts = BenchFacts.Collect(settings, machine, linux);

        new BenchSession(_tools, _programs, settings, results).Run();
        Show(results, variants.Length > 1 ? variants[^1] : null, facts);
        if (parsed.GetValue(_json) is string path)
            BenchJson.Write(path, results, facts);
        return results.IsEmpty ? ExitCodes.Failed : ExitCodes.Success;
    }

    private MachineSpec Machine(ParseResult parsed, BenchSettings settings)
    {
        AcceleratorChoice wanted = parsed.GetValue(_accelerator);
        if (settings.CountsInstructions && wanted == AcceleratorChoice.Kvm)
            throw new Failure("--icount needs software emulation: hardware does not count for us");
        return new MachineSpec
        {
            Kernel = "",
            Memory = settings.Memory,
            Model = parsed.GetValue(_model),
            Accelerator = settings.CountsInstructions
                ? AcceleratorChoice.Tcg
                : new AcceleratorProbe(_tools.Repository).Resolve(wanted),
            Console = ConsoleKind.File,
        };
    }

    /// <summary>The columns; the last one is judged by the others.</summary>
    private BenchVariant[] Variants(BenchKernels kernels, MachineSpec machine, string? linux)
    {
        BenchVariant Variant(string title, string key, KernelChoice kernel, string image, string append = "")
        {
            string log = _tools.Repository.ArtifactOf("bench", key + ".log");
            string words = KernelCommandLine.For(kernel, append);
            return new(title, key, machine with { Kernel = image, CommandLine = words, ConsoleLog = log });
        }

        BenchVariant[] onLinux = linux == null
            ? []
            :
            [
                Variant("Linux", "linux", KernelChoice.Linux, linux),
                Variant("Linux mitigations=off", "off", KernelChoice.Linux, linux, "mitigations=off"),
            ];
        BenchVariant judged = kernels == BenchKernels.Linux
            ? Variant("Linux again", "again", KernelChoice.Linux, linux!)
            : Variant("Cashew", "cashew", KernelChoice.Cashew, Cashew());
        return [.. onLinux, judged];
    }

    private string Cashew() => new KernelBuild(_tools, BuildKind.Release).Make();

    private List<BenchRow> Rows(IEnumerable<string> wanted)
    {
        List<BenchRow> all =
        [
            new("start-microvm", "QEMU's start to the first program, microvm", MachineModel.Microvm),
            new("start-q35", "QEMU's start to the first program, q35", MachineModel.Q35),
            new("start-300m", "the same, q35, with files of 300 MiB in the archive", MachineModel.Q35, Large),
            new("memory-300m", "memory not free by then", MachineModel.Q35, Large, IsMemory: true),
            .. _programs.Rows(),
        ];
        string[] names = [.. wanted.SelectMany(words => words.Split(',')).Where(name => name.Length > 0)];
        if (names.FirstOrDefault(name => all.All(row => row.Name != name)) is string unknown)
        {
            IEnumerable<string> known = all.Select(row => $"  {row.Name,-16} {row.What}");
            throw new Failure($"no row is called {unknown}", string.Join('\n', known));
        }

        return [.. all.Where(row => names.Length == 0 || names.Contains(row.Name))];
    }

    private static void Show(
        BenchResults results, BenchVariant? subject, IReadOnlyList<(string Name, string Value)> facts)
    {
        Console.WriteLine(string.Join(", ", facts.Select(fact => $"{fact.Name} {fact.Value}")));
        BenchTable table = new(results, subject);
        if (Console.IsOutputRedirected)
            table.WritePlain(Console.Out);
        else
            table.WriteTo(AnsiConsole.Console);

        Console.WriteLine("Each value: the median of the boots (the least..the most).");
        if (subject != null)
            Console.WriteLine($"Ratio above 1: {subject.Title} is better; < marks where it is worse.");
        foreach (string remark in results.Remarks())
            Console.WriteLine($"- {remark}");
    }
}
