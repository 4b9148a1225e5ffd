namespace Cashew.Tool.Testing;

using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Cashew.Tool.Machines;

/// <summary>
/// One machine that runs tests and reports them line by line. It ends when the runner says so, when nothing
/// was heard for too long, or when the machine dies.
/// </summary>
internal sealed class GuestSession
{
    private const int LogLinesShown = 25;
    private const string NotePrefix = "# ";

    private readonly MachineSpec _spec;
    private readonly TimeSpan _silenceLimit;
    private readonly TestReport _report;

    // What the test at hand has printed, as far as it was sent.
    private readonly List<byte> _output = [];

    /// <param name="spec">The machine; its console goes to a log.</param>
    /// <param name="silenceLimit">How long the runner may say nothing.</param>
    /// <param name="report">Gets the results.</param>
    internal GuestSession(MachineSpec spec, TimeSpan silenceLimit, TestReport report)
    {
        _spec = spec;
        _silenceLimit = silenceLimit;
        _report = report;
    }

    /// <summary>The test after which nothing more is wanted; null goes on to the runner's end.</summary>
    internal string? LastTest { get; init; }

    /// <summary>Which tests' results count.</summary>
    internal Func<string, bool> Counts { get; init; } = _ => true;

    /// <summary>Which tests there are: a result for any other is somebody else's, and a failure.</summary>
    internal Func<string, bool> Exists { get; init; } = _ => true;

    /// <summary>
    /// What is wrong with what a test printed, although it passed as far as the guest can tell; null when
    /// nothing is.
    /// </summary>
    internal Func<string, byte[], string?> Judge { get; init; } = (_, _) => null;

    /// <summary>The tests that had an ending, good or bad.</summary>
    internal ISet<string> Ended { get; init; } = new HashSet<string>();

    /// <summary>What the guest says beside its verdicts: measurements, and how it came up.</summary>
    internal List<string> Notes { get; } = [];

    /// <summary>True once there are no more tests.</summary>
    internal bool IsComplete { get; private set; }

    /// <summary>
    /// The test that had begun and not ended when the machine stopped; null when there was none.
    /// </summary>
    internal string? Running { get; private set; }

    /// <summary>The test that ended last; null when none did.</summary>
    internal string? Last { get; private set; }

    internal void Run()
    {
        using VirtualMachine machine = VirtualMachine.Start(_spec);
        while (!IsComplete && machine.TryReadLine(_silenceLimit, out string? line))
        {
            if (TestLine.TryParse(line, out TestLine parsed))
                Take(parsed);
            else if (line.StartsWith(NotePrefix, StringComparison.Ordinal))
                Notes.Add(line[NotePrefix.Length..]);
        }

        if (IsComplete && LastTest != null)
            return;
        if (IsComplete)
        {
            // Leave it time to power off by itself: that path is worth running too.
            MachineEnding afterTests = machine.Wait(_silenceLimit);
            if (afterTests != MachineEnding.PoweredOff)
                _report.Fail("power-off", Describe(afterTests, "after the last test"));
            return;
        }

        bool isSilent = !machine.IsAtEnd;
        MachineEnding ending = machine.Wait(isSilent ? TimeSpan.Zero : _silenceLimit);
        string when = isSilent
            ? $"nothing was heard for {_silenceLimit.TotalSeconds:0} s"
            : "the runner did not end";
        string where = Last == null ? "before the first test" : $"after {Last}";
        if (Running != null)
            Ended.Add(Running);
        _report.Fail(Running ?? where, Describe(ending, when));
    }

    private void Take(TestLine line)
    {
        if (line.Event is TestEvent.Passed or TestEvent.Failed)
        {
            if (!Exists(line.Name))
            {
                _report.Fail(line.Name, "there is no such test, but the guest reports it");
                return;
            }

            Ended.Add(line.Name);
            Running = null;
            Last = line.Name;
            IsComplete = line.Name == LastTest;
        }

        switch (line.Event)
        {
            case TestEvent.Begin:
                Running = line.Name;
                _output.Clear();
                break;
            case TestEvent.Data:
                TakeOutput(line);
                break;
            case TestEvent.Passed:
                if (Counts(line.Name))
                    Pass(line.Name);
                break;
            case TestEvent.Failed:
                if (Counts(line.Name))
                    _report.Fail(line.Name, string.Join('\n', [line.Text, .. LastOutput()]));
                break;
            case TestEvent.End:
                IsComplete = true;
                break;
        }
    }

    private void Pass(string name)
    {
        string? problem = Judge(name, _output.ToArray());
        if (problem == null)
            _report.Pass(name);
        else
            _report.Fail(name, problem);
    }

    // A guest that sends something else fails the test, not us.
    private void TakeOutput(TestLine line)
    {
        byte[] piece = new byte[line.Text.Length / 2];
        if (Convert.FromHexString(line.Text, piece, out _, out _) == OperationStatus.Done)
            _output.AddRange(piece);
        else
            _report.Fail(line.Name, $"the guest reports what is no data: {line.Text}");
    }

    private string[] LastOutput()
    {
        if (_output.Count == 0)
            return [];
        string[] lines = Encoding.UTF8.GetString(_output.ToArray()).Split('\n');
        return lines.TakeLast(LogLinesShown).Select(line => $"| {line}").ToArray();
    }

    private string Describe(MachineEnding ending, string when)
    {
        string what = ending switch
        {
            MachineEnding.Panicked => $"the kernel panicked; {when}",
            MachineEnding.TimedOut => $"the machine hangs; {when}",
            MachineEnding.PoweredOff => $"the machine stopped; {when}",
            _ => $"QEMU failed; {when}",
        };
        return string.Join('\n', (IEnumerable<string>)[what, .. LastLogLines()]);
    }

    private IEnumerable<string> LastLogLines() => File.Exists(_spec.ConsoleLog)
        ? File.ReadLines(_spec.ConsoleLog).TakeLast(LogLinesShown).Select(line => $"| {line.TrimEnd('\r')}")
        : [];
}
