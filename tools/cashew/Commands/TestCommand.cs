namespace Cashew.Tool.Commands;

using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using Cashew.Tool.Build;
using Cashew.Tool.Images;
using Cashew.Tool.Machines;
using Cashew.Tool.Support;
using Cashew.Tool.Testing;

/// <summary>
/// <c>cashew test</c>: the rooms on the host, the machine's own tests, and Linux programs as guests.
/// </summary>
internal sealed class TestCommand
{
    private const int DefaultProgramJobs = 2;
    private static readonly Packages.Program[] s_no = [];

    private readonly Toolbox _tools;
    private readonly MachineOptions _options = new(modelOption: "--machine-type", memory: "512M");
    private readonly Option<bool> _host = new("--host")
    {
        Description = "Only the tests on this computer's .NET",
    };

    private readonly Option<bool> _machine = new("--machine")
    {
        Description = "Only the kernel's own tests at boot, and booting on every kind of machine",
    };

    private readonly Option<bool> _guest = new("--guest")
    {
        Description = "Only Linux programs in a virtual machine",
    };

    private readonly Option<bool> _programs = new("--programs")
    {
        Description = "Only Debian's programs in a virtual machine",
    };

    private readonly Option<bool> _update = new("--update")
    {
        Description = "With --programs --kernel linux: what they print there is what is expected from now on",
    };

    private readonly Option<bool> _debug = new("--debug")
    {
        Description = "Guest tests on the kernel that checks itself",
    };

    private readonly Option<int> _jobs = new("--jobs")
    {
        Description = "How many machines run guest tests at a time; those of programs take two by default",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<bool> _verbose = new("--verbose", "-v")
    {
        Description = "Name the tests that passed, too",
    };

    private readonly Argument<string[]> _patterns = new("pattern")
    {
        Description = "Run only tests whose names contain one of these",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private TestCommand(Toolbox tools) => _tools = tools;

    internal static Command Create(Toolbox tools)
    {
        TestCommand test = new(tools);
        Command command = new("test", "Run the tests: all parts, or those that are named")
        {
            test._host, test._machine, test._guest, test._programs, test._update, test._debug, test._jobs,
            test._verbose, test._patterns,
        };
        foreach (Option option in test._options.Hardware)
            command.Options.Add(option);
        command.SetAction(test.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        TestParts parts = Parts(parsed);
        string[] patterns = parsed.GetValue(_patterns) ?? [];
        TestReport report = new(Console.Out, parsed.GetValue(_verbose));
        Directory.CreateDirectory(_tools.Repository.ArtifactOf("test"));
        // At once, before anything runs: one installation, and no test that is skipped for want of a program.
        _tools.Packages.Require(Programs(parts));

        if (parts.HasFlag(TestParts.Host))
            report.Part("host", () => new HostTests(_tools, report).Run(patterns));
        if (parts.HasFlag(TestParts.Machine))
            report.Part("machine", () => RunMachineTests(parsed, report, patterns));
        if (parts.HasFlag(TestParts.Guest))
            report.Part("guest", () => RunGuestTests(parsed, report, patterns));
        if (parts.HasFlag(TestParts.Programs))
            report.Part("programs", () => RunProgramTests(parsed, report, patterns));
        if (report.Passed + report.Failed == 0)
            report.Fail("test", "no test ran");
        report.Close();
        return report.Failed > 0 ? ExitCodes.Failed : ExitCodes.Success;
    }

    private static Packages.Program[] Programs(TestParts parts) =>
    [
        .. parts.HasFlag(TestParts.Host) ? [Packages.Assembler, Packages.Archiver] : s_no,
        .. parts.HasFlag(TestParts.Machine) ? [Packages.Emulator, Packages.Assembler, Packages.Linker] : s_no,
        .. parts.HasFlag(TestParts.Guest) || parts.HasFlag(TestParts.Programs)
            ? [Packages.Emulator, Packages.MuslCompiler]
            : s_no,
    ];

    private void RunMachineTests(ParseResult parsed, TestReport report, IReadOnlyList<string> patterns)
    {
        MachineSpec machine = _options.Describe(parsed, _tools, BuildKind.Debug);
        new MachineTests(_tools, report).Run(machine, patterns);
        new BootTests(_tools, report).Run(machine, patterns);
        new BadBootTests(_tools, report).Run(machine, patterns);
    }

    private void RunGuestTests(ParseResult parsed, TestReport report, IReadOnlyList<string> patterns)
    {
        BuildKind build = parsed.GetValue(_debug) ? BuildKind.Debug : BuildKind.Release;
        string root = new RootFilesystem(_tools.Repository, _tools.Debian).Make();
        GuestPlan plan = new GuestSuite(_tools).Plan(root, patterns);
        if (parsed.GetValue(_options.Kernel) == KernelChoice.Linux)
        {
            string[] modules = [new LinuxKernel(_tools.Debian).Module("overlay.ko")];
            plan = plan with { Archives = [.. plan.Archives, GuestModules.MakeArchive(_tools.Repository, modules)] };
        }

        new GuestTests(_tools, report, plan)
            .Run(_options.Describe(parsed, _tools, build), Math.Max(1, parsed.GetValue(_jobs)));
    }

    private void RunProgramTests(ParseResult parsed, TestReport report, IReadOnlyList<string> patterns)
    {
        bool updates = parsed.GetValue(_update);
        if (updates && parsed.GetValue(_options.Kernel) != KernelChoice.Linux)
            throw new Failure("programs have to print what they print on Linux: --update --kernel linux");

        BuildKind build = parsed.GetValue(_debug) ? BuildKind.Debug : BuildKind.Release;
        ProgramSuite suite = new(_tools);
        IReadOnlyList<ProgramScript> scripts = suite.Scripts(patterns);
        if (scripts.Count == 0)
            return;

        GuestPlan plan = suite.Plan(scripts, patterns, updates);
        MachineSpec machine = _options.Describe(parsed, _tools, build);
        if (!_options.HasMemory(parsed))
            machine = machine with { Memory = Initramfs.Memory(plan.Archives[0]) };
        bool saysJobs = parsed.GetResult(_jobs) is { Implicit: false };
        int jobs = saysJobs ? Math.Max(1, parsed.GetValue(_jobs)) : DefaultProgramJobs;
        new GuestTests(_tools, report, plan).Run(machine, Math.Min(jobs, scripts.Count));
    }

    private TestParts Parts(ParseResult parsed)
    {
        TestParts parts = (parsed.GetValue(_host) ? TestParts.Host : TestParts.None)
            | (parsed.GetValue(_machine) ? TestParts.Machine : TestParts.None)
            | (parsed.GetValue(_guest) ? TestParts.Guest : TestParts.None)
            | (parsed.GetValue(_programs) ? TestParts.Programs : TestParts.None);
        bool isLinux = parsed.GetValue(_options.Kernel) == KernelChoice.Linux;
        if (isLinux && parts.HasFlag(TestParts.Machine))
            throw new Failure("the machine tests are part of Cashew's kernel; Linux has none");
        if (parts != TestParts.None)
            return parts;
        // Only the guests' answers depend on the kernel.
        return isLinux ? TestParts.Guest | TestParts.Programs : TestParts.All;
    }
}
