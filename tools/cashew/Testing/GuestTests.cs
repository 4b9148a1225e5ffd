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
    // The runner ends a case after 30 s; twice that, and nobody is there any more.
    private static readonly TimeSpan s_silenceLimit = TimeSpan.FromSeconds(60);

    // What the runner checks by itself after the last test.
    private const string RunnersOwn = "runner.";

    private readonly Toolbox _tools;
    private readonly TestReport _report;
    private readonly IReadOnlyList<string> _patterns;

    /// <param name="tools">Where things are.</param>
    /// <param name="report">Gets the results.</param>
    /// <param name="patterns">Which tests; all of them when empty.</param>
    internal GuestTests(Toolbox tools, TestReport report, IReadOnlyList<string> patterns)
    {
        _tools = tools;
        _report = report;
        _patterns = patterns;
    }

    /// <param name="machine">The machine, with its kernel.</param>
    /// <param name="rootFilesystem">The archive below the tests.</param>
    /// <param name="jobs">How many machines at a time; each gets its part of the tests.</param>
    internal void Run(MachineSpec machine, string rootFilesystem, int jobs)
    {
        GuestSuite suite = new(_tools);
        if (!suite.Exists)
        {
            _report.Note("no tests/Guest in this checkout");
            return;
        }

        string[] archives = [rootFilesystem, suite.MakeArchive()];
        string[] names = suite.Names().Where(name => TestReport.Matches(name, _patterns)).ToArray();
        if (names.Length == 0)
            return;

        string[][] parts = names.Chunk((names.Length + jobs - 1) / jobs).ToArray();
        string log = _tools.Repository.ArtifactOf("test", "guest-console");
        Task[] machines = parts.Select((part, number) => Task.Factory.StartNew(
            () => RunPart(WithLog(machine, $"{log}-{number + 1}.log"), archives, part, names[^1]),
            TaskCreationOptions.LongRunning)).ToArray();
        Task.WhenAll(machines).GetAwaiter().GetResult();
    }

    private static MachineSpec WithLog(MachineSpec machine, string log) =>
        machine with { Console = ConsoleKind.File, ConsoleLog = log };

    /// <summary>Runs consecutive tests, in as many machines as it takes.</summary>
    private void RunPart(MachineSpec machine, IReadOnlyList<string> archives, string[] part, string veryLast)
    {
        // The last part goes on to the runner's end, where it looks for what the tests left behind.
        string? last = part[^1] == veryLast ? null : part[^1];
        HashSet<string> ended = [];
        for (string? from = part[0]; from != null;)
        {
            GuestSession session = Boot(machine, archives, from, last, part, ended);
            // A machine that never got to a test would not get further the next time.
            from = session.IsComplete ? null : Next(part, session.Running ?? session.Last);
        }

        string[] missing = part.Where(name => !ended.Contains(name)).ToArray();
        if (missing.Length > 0)
            _report.Fail("not run", $"{missing.Length} tests, the first is {missing[0]}");
    }

    private GuestSession Boot(
        MachineSpec machine,
        IReadOnlyList<string> archives,
        string from,
        string? last,
        string[] part,
        HashSet<string> ended)
    {
        using ScratchFolder scratch = new();
        string initramfs = scratch.PathOf("initramfs.cpio");
        byte[][] words = ((string[])["/tests/runner", "--from", from, .. _patterns])
            .Select(Encoding.UTF8.GetBytes).ToArray();
        // The console as users have it: there are tests of what a terminal is like at first.
        Initramfs.Compose(initramfs, archives, GuestSettings.Terminal, new GuestProgram(words, Input: null));

        GuestSession session = new(machine with { Initramfs = initramfs }, s_silenceLimit, _report)
        {
            LastTest = last,
            Exists = name => part.Contains(name) || name.StartsWith(RunnersOwn, StringComparison.Ordinal),
            Ended = ended,
        };
        session.Run();
        return session;
    }

    /// <summary>The test behind the one that the machine got to; null when there is none.</summary>
    private static string? Next(IReadOnlyList<string> names, string? reached) =>
        names.SkipWhile(name => name != reached).Skip(1).FirstOrDefault();
}
