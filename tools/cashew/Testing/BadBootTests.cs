namespace Cashew.Tool.Testing;

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Cashew.Tool.Images;
using Cashew.Tool.Machines;
using Cashew.Tool.Support;

/// <summary>
/// Starts the kernel with what it cannot use. It has to say what is wrong and to end the machine; hanging,
/// breaking down and coming up half-way are failures.
/// </summary>
internal sealed class BadBootTests
{
    private const string PanicMark = "kernel panic: ";
    private const int LogLinesShown = 12;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly Toolbox _tools;
    private readonly TestReport _report;

    internal BadBootTests(Toolbox tools, TestReport report)
    {
        _tools = tools;
        _report = report;
    }

    internal void Run(MachineSpec machine, IReadOnlyList<string> patterns)
    {
        BadBoot[] boots = BadBoots.All()
            .Where(boot => TestReport.Matches(NameOf(boot), patterns)).ToArray();
        if (boots.Length == 0)
            return;

        string root = new RootFilesystem(_tools.Repository, _tools.Debian).Make();
        foreach (BadBoot boot in boots)
            Run(boot, machine, root);
    }

    private static string NameOf(BadBoot boot) => boot.Ending == MachineEnding.Panicked
        ? $"refuses {boot.Name}"
        : $"survives {boot.Name}";

    private void Run(BadBoot boot, MachineSpec machine, string root)
    {
        using ScratchFolder scratch = new();
        string name = NameOf(boot);
        MachineSpec spec = machine with
        {
            Initramfs = MakeInitramfs(boot, root, scratch),
            CommandLine = boot.CommandLine ?? machine.CommandLine,
            Memory = boot.Memory ?? machine.Memory,
            Console = ConsoleKind.File,
            ConsoleLog = _tools.Repository.ArtifactOf("test", $"{name.Replace(' ', '-')}.log"),
        };
        File.WriteAllText(spec.ConsoleLog, "");
        MachineEnding ending;
        using (VirtualMachine running = VirtualMachine.Start(spec))
            ending = running.Wait(s_limit);

        string[] lines = File.ReadAllLines(spec.ConsoleLog);
        string[] problems = Judge(boot, ending, lines).ToArray();
        IEnumerable<string> shown = lines.TakeLast(LogLinesShown).Select(line => $"| {line}");
        if (problems.Length == 0)
            _report.Pass(name);
        else
            _report.Fail(name, string.Join('\n', problems.Concat(shown)));
    }

    private static string? MakeInitramfs(BadBoot boot, string root, ScratchFolder scratch)
    {
        if (boot.Archive == null && boot.Program == null)
            return null;

        string bad = scratch.PathOf("bad");
        File.WriteAllBytes(bad, boot.Archive ?? []);
        if (boot.Program == null)
            return bad;

        string whole = scratch.PathOf("initramfs");
        Initramfs.Compose(whole, [root, bad], GuestSettings.Pipe, boot.Program);
        return whole;
    }

    private static IEnumerable<string> Judge(BadBoot boot, MachineEnding ending, string[] lines)
    {
        if (ending != boot.Ending)
            yield return $"the machine ended otherwise: {ending}, wanted {boot.Ending}";

        string mark = boot.Ending == MachineEnding.Panicked ? PanicMark : "";
        bool isSaid = lines.Any(line => line.StartsWith(mark, StringComparison.Ordinal)
            && boot.Words.All(word => line.Contains(word, StringComparison.Ordinal)));
        if (!isSaid)
            yield return $"expected, in one line: {mark}{string.Join(" ... ", boot.Words)}";
    }
}
