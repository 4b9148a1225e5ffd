namespace Cashew.Tool.Testing;

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Cashew.Tool.Firecracker;
using Cashew.Tool.Machines;
using Cashew.Tool.Support;

/// <summary>
/// Starts the kernel in every way there is, runs its tests there, and looks at what it noticed: one result
/// a way.
/// </summary>
internal sealed class BootTests
{
    private static readonly TimeSpan s_silenceLimit = TimeSpan.FromSeconds(30);

    // No multiple of a page, nor of anything else.
    private const int InitramfsBytes = 5029;

    private readonly Toolbox _tools;
    private readonly TestReport _report;

    internal BootTests(Toolbox tools, TestReport report)
    {
        _tools = tools;
        _report = report;
    }

    internal void Run(MachineSpec machine, IReadOnlyList<string> patterns)
    {
        using ScratchFolder scratch = new();
        string initramfs = scratch.PathOf("initramfs");
        byte[] content = Enumerable.Range(0, InitramfsBytes)
            .Select(at => (byte)((at * at) + (at / 256))).ToArray();
        File.WriteAllBytes(initramfs, content);
        string whole = $"initramfs: {content.Length} bytes, FNV-1a {Hash(content)}";
        foreach (BootCase boot in new BootCases(new Shim(_tools), initramfs, InitramfsBytes).All())
        {
            string name = $"boots on {boot.Name}";
            if (TestReport.Matches(name, patterns))
                Run(name, boot with { Expected = [.. boot.Expected, whole] }, machine);
        }
    }

    private void Run(string name, BootCase boot, MachineSpec machine)
    {
        using ScratchFolder scratch = new();
        string resets = scratch.PathOf("resets.log");
        MachineSpec common = machine with
        {
            Console = ConsoleKind.File,
            ConsoleLog = _tools.Repository.ArtifactOf("test", $"{name.Replace(' ', '-')}.log"),
            Extra = [.. machine.Extra, "-d", "cpu_reset", "-D", resets],
        };
        // The self-tests' own results have been counted once; here they are reasons.
        StringWriter reasons = new();
        TestReport inner = new(reasons, showsPassed: false);
        try
        {
            GuestSession session = new(boot.Describe(common, scratch), s_silenceLimit, inner);
            session.Run();
            Judge(boot, session, resets, inner);
        }
        catch (Failure failure)
        {
            inner.Fail("not started", $"{failure.Message}\n{failure.Details}");
        }

        if (inner.Failed == 0)
            _report.Pass(name);
        else
            _report.Fail(name, reasons.ToString());
    }

    private static void Judge(BootCase boot, GuestSession session, string resets, TestReport report)
    {
        if (session.IsComplete && session.Ended.Count == 0)
            report.Fail("self-tests", "the kernel ran none");
        // QEMU ends alike when a machine turns itself off and when it breaks down; its log tells.
        bool brokeDown = File.Exists(resets)
            && File.ReadLines(resets).Any(line => line.StartsWith("Triple fault", StringComparison.Ordinal));
        if (brokeDown && !boot.EndsInTripleFault)
            report.Fail("power-off", "the machine ended in a triple fault");
        string[] missing = boot.Expected
            .Where(expected => !session.Notes.Any(note => note.Contains(expected, StringComparison.Ordinal)))
            .Select(expected => $"expected: {expected}").ToArray();
        string[] lines = ["not as it should be", .. missing, .. session.Notes];
        if (missing.Length > 0)
            report.Fail("report", string.Join('\n', lines));
    }

    /// <summary>As the kernel's own test has it.</summary>
    /// <source>FNV-1a, 64 bits: draft-eastlake-fnv, section 5.</source>
    private static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 0xCBF2_9CE4_8422_2325;
        foreach (byte value in bytes)
            hash = unchecked((hash ^ value) * 0x100_0000_01B3);
        return hash;
    }
}
