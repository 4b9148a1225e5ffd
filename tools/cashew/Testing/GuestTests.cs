namespace Cashew.Tool.Testing;

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Cashew.Tool.Images;
using Cashew.Tool.Machines;
using Cashew.Tool.Support;

/// <summary>
/// Linux programs that assert one behavior each, on Cashew or on Linux. A test that takes the machine down, or
/// makes it hang, is a failure; a new machine goes on behind it.
/// </summary>
internal sealed class GuestTests
{
    // The runner ends a case after 30 s; twice that, and nobody is there any more.
    private static readonly TimeSpan s_silenceLimit = TimeSpan.FromSeconds(60);

    private readonly Toolbox _tools;
    private readonly TestReport _report;

    internal GuestTests(Toolbox tools, TestReport report)
    {
        _tools = tools;
        _report = report;
    }

    /// <param name="machine">The machine, with its kernel.</param>
    /// <param name="rootFilesystem">The archive below the tests.</param>
    /// <param name="patterns">Which tests; all of them when empty.</param>
    internal void Run(MachineSpec machine, string rootFilesystem, IReadOnlyList<string> patterns)
    {
        GuestSuite suite = new(_tools);
        if (!suite.Exists)
        {
            _report.Note("no tests/Guest in this checkout");
            return;
        }

        string archive = suite.MakeArchive();
        IReadOnlyList<string> names = suite.Names();
        for (string? from = ""; from != null;)
        {
            GuestSession session = Boot(machine, [rootFilesystem, archive], from, patterns);
            from = session.IsComplete ? null : Next(names, session.Running ?? session.Last);
        }
    }

    private GuestSession Boot(
        MachineSpec machine, IReadOnlyList<string> archives, string from, IReadOnlyList<string> patterns)
    {
        using ScratchFolder scratch = new();
        string initramfs = scratch.PathOf("initramfs.cpio");
        string[] start = from.Length > 0 ? ["--from", from] : [];
        byte[][] words = ((string[])["/tests/runner", .. start, .. patterns]).Select(Encoding.UTF8.GetBytes).ToArray();
        Initramfs.Compose(initramfs, archives, GuestSettings.Pipe, new GuestProgram(words, []));

        GuestSession session = new(
            machine with
            {
                Initramfs = initramfs,
                Console = ConsoleKind.File,
                ConsoleLog = _tools.Repository.ArtifactOf("test", "guest-console.log"),
            },
            s_silenceLimit, _report, _ => true);
        session.Run();
        return session;
    }

    /// <summary>The test behind the one that the machine got to; null when there is none.</summary>
    private static string? Next(IReadOnlyList<string> names, string? reached) =>
        names.SkipWhile(name => name != reached).Skip(1).FirstOrDefault();
}
