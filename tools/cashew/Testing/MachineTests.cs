namespace Cashew.Tool.Testing;

using System;
using System.Collections.Generic;
using Cashew.Tool.Machines;
using Cashew.Tool.Support;

/// <summary>
/// The kernel's own tests of paging, switching, collecting: it runs them at boot, without a root file
/// system.
/// </summary>
internal sealed class MachineTests
{
    private static readonly TimeSpan s_silenceLimit = TimeSpan.FromSeconds(60);

    private readonly Toolbox _tools;
    private readonly TestReport _report;

    internal MachineTests(Toolbox tools, TestReport report)
    {
        _tools = tools;
        _report = report;
    }

    internal void Run(MachineSpec machine, IReadOnlyList<string> patterns)
    {
        MachineSpec spec = machine with
        {
            CommandLine = machine.CommandLine + " selftest",
            Console = ConsoleKind.File,
            ConsoleLog = _tools.Repository.ArtifactOf("test", "machine-console.log"),
        };
        GuestSession session = new(spec, s_silenceLimit, _report)
        {
            Counts = name => TestReport.Matches(name, patterns),
        };
        session.Run();
        if (session.IsComplete && session.Ended.Count == 0)
            _report.Fail("machine", "the kernel ran no test");
    }
}
