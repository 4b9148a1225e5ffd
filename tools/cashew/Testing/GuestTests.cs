namespace Cashew.Tool.Testing;

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Cashew.Tool.Images;
using Cashew.Tool.Machines;
using Cashew.Tool.Support;

/// <summary>
/// Linux programs that assert one behavior each, on Cashew or on Linux. A test that takes the machine down,
/// or makes it hang, is a failure; a new machine goes on behind it.
/// </summary>
internal sealed class GuestTests
{
    // What the runner checks by itself after the last test.
    private const string RunnersOwn = "runner.";

    private readonly Toolbox _tools;
    private readonly TestReport _report;
    private readonly GuestPlan _plan;

    /// <param name="tools">Where things are.</param>
    /// <param name="report">Gets the results.</param>
    /// <param name="plan">Which tests, and how they are run.</param>
    internal GuestTests(Toolbox tools, TestReport report, GuestPlan plan)
    {
        _tools = tools;
        _report = report;
        _plan = plan;
    }

    /// <param name="machine">The machine, with its kernel.</param>
    /// <param name="jobs">How many machines at a time; each gets its part of the tests.</param>
    internal void Run(MachineSpec machine, int jobs)
    {
        IReadOnlyList<string> names = _plan.Names;
        if (names.Count == 0)
            return;

        string[][] parts = names.Chunk((names.Count + jobs - 1) / jobs).ToArray();
        string log = _tools.Repository.ArtifactOf("test", $"{_plan.LogName}-console");
        Task[] machines = parts.Select((part, number) => Task.Factory.StartNew(
            () => RunPart(WithLog(machine, $"{log}-{number + 1}.log"), part, names[^1]),
            TaskCreationOptions.LongRunning)).ToArray();
        Task.WhenAll(machines).GetAwaiter().GetResult();
    }

    private static MachineSpec WithLog(MachineSpec machine, string log) =>
        machine with { Console = ConsoleKind.File, ConsoleLog = log };

    /// <summary>Runs consecutive tests, in as many machines as it takes.</summary>
    private void RunPart(MachineSpec machine, string[] part, string veryLast)
    {
        // The last part goes on to the runner's end, where it looks for what the tests left behind.
        string? last = part[^1] == veryLast ? null : part[^1];
        HashSet<string> ended = [];
        for (string? from = part[0]; from != null;)
        {
            GuestSession session = Boot(machine, from, last, part, ended);
            // A machine that never got to a test would not get further the next time.
            from = session.IsComplete ? null : Next(part, session.Running ?? session.Last);
        }

        string[] missing = part.Where(name => !ended.Contains(name)).ToArray();
        if (missing.Length > 0)
            _report.Fail("not run", $"{missing.Length} tests, the first is {missing[0]}");
    }

    private GuestSession Boot(
        MachineSpec machine, string from, string? last, string[] part, HashSet<string> ended)
    {
        using ScratchFolder scratch = new();
        string initramfs = scratch.PathOf("initramfs.cpio");
        string[] command = ["/tests/runner", .. _plan.RunnerOptions, "--from", from, .. _plan.Patterns];
        byte[][] words = command.Select(Encoding.UTF8.GetBytes).ToArray();
        // The console as users have it: there are tests of what a terminal is like at first.
        GuestProgram runner = new(words, Input: null);
        Initramfs.Compose(initramfs, _plan.Archives, GuestSettings.Terminal, runner);

        GuestSession session = new(machine with { Initramfs = initramfs }, _plan.SilenceLimit, _report)
        {
            LastTest = last,
            Exists = name => part.Contains(name) || name.StartsWith(RunnersOwn, StringComparison.Ordinal),
            Ended = ended,
            Judge = _plan.Judge,
        };
        session.Run();
        return session;
    }

    /// <summary>The test behind the one that the machine got to; null when there is none.</summary>
    private static string? Next(IReadOnlyList<string> names, string? reached) =>
        names.SkipWhile(name => name != reached).Skip(1).FirstOrDefault();
}
