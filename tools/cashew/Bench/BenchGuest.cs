namespace Cashew.Tool.Bench;

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Cashew.Tool.Machines;
using Cashew.Tool.Support;

/// <summary>
/// Lets one variant measure its rows. A row that takes the machine down costs only itself: another machine
/// goes on behind it.
/// </summary>
internal sealed class BenchGuest
{
    // The guest's clock may differ from ours by this much before values by it are doubtful.
    private const double ClockTolerance = 0.02;

    private static readonly TimeSpan s_powerOffLimit = TimeSpan.FromSeconds(5);

    private readonly BenchPrograms _programs;
    private readonly BenchSettings _settings;
    private readonly BenchResults _results;
    private readonly BenchVariant _variant;
    private readonly List<BenchRow> _left;

    // The row that began last and has no result yet.
    private BenchRow? _running;
    private (long Host, double Guest)? _clock;

    internal BenchGuest(
        BenchPrograms programs, BenchSettings settings, BenchResults results, BenchVariant variant)
    {
        _programs = programs;
        _settings = settings;
        _results = results;
        _variant = variant;
        // What failed once is not tried again: each hang would cost its whole limit.
        _left = results.Rows
            .Where(row => row.Start == null && results[variant, row].Failures.Count == 0).ToList();
    }

    internal void Run()
    {
        while (_left.Count > 0)
            Boot();
    }

    internal static string Describe(MachineEnding ending) => ending switch
    {
        MachineEnding.Panicked => "the kernel panicked",
        MachineEnding.TimedOut => "the machine hung",
        MachineEnding.PoweredOff => "the machine stopped",
        _ => "QEMU failed",
    };

    private void Boot()
    {
        using ScratchFolder scratch = new();
        string initramfs = scratch.PathOf("bench.cpio");
        string[] memory = ["--memory-kib", MemorySize.KibibytesOf(_settings.Memory).ToString()];
        _programs.PackRows(initramfs, [.. _settings.GuestWords, .. memory, .. _left.Select(row => row.Name)]);

        (_running, _clock) = (null, null);
        using VirtualMachine machine =
            VirtualMachine.Start(_settings.Apply(_variant.Machine with { Initramfs = initramfs }));
        bool isComplete = false;
        while (!isComplete && machine.TryReadLine(_settings.SilenceLimit, out string? line))
            isComplete = BenchLine.TryParse(line, out BenchLine parsed) && Take(parsed);

        if (isComplete)
        {
            foreach (BenchRow row in _left)
                _results[_variant, row].Fail("the guest did not report it");
            _left.Clear();
            if (machine.Wait(s_powerOffLimit) == MachineEnding.TimedOut)
                _results.Remark($"{_variant.Title}: the machine did not power off at the end");
            return;
        }

        GiveUp(machine.IsAtEnd ? machine.Wait(s_powerOffLimit) : MachineEnding.TimedOut);
    }

    /// <summary>True for the last line.</summary>
    private bool Take(BenchLine line)
    {
        switch (line.Word)
        {
            case "BEGIN":
                _running = Find(line.Name);
                return false;
            case "BENCH" when Find(line.Name) is BenchRow row:
                _results[_variant, row].Add(line.Value, line.Unit!);
                Finish(row);
                return false;
            case "FAIL" when Find(line.Name) is BenchRow row:
                _results[_variant, row].Fail(line.Why);
                Finish(row);
                return false;
            case "FAIL":
                _results.Remark($"{_variant.Title}: {line.Why}");
                return false;
            case "CLOCK":
                CompareClocks(line.Value);
                return false;
            default:
                return line.Word == "END";
        }
    }

    private BenchRow? Find(string name) => _left.FirstOrDefault(row => row.Name == name);

    private void Finish(BenchRow row)
    {
        _left.Remove(row);
        _running = null;
    }

    /// <summary>The row that ran is lost; with none running, nothing can be measured at all.</summary>
    private void GiveUp(MachineEnding ending)
    {
        bool hasStarted = _running != null;
        string when = hasStarted ? "during this row" : "before the first row";
        BenchRow[] lost = hasStarted ? [_running!] : [.. _left];
        foreach (BenchRow row in lost)
        {
            _results[_variant, row].Fail($"{Describe(ending)} {when}");
            _left.Remove(row);
        }
    }

    // A guest that measures with a clock of its own making could be fast by having a slow clock.
    private void CompareClocks(double guest)
    {
        long host = Stopwatch.GetTimestamp();
        if (_clock is not (long Host, double Guest) first)
        {
            _clock = (host, guest);
            return;
        }

        double passed = Stopwatch.GetElapsedTime(first.Host, host).TotalNanoseconds;
        double drift = ((guest - first.Guest) / passed) - 1;
        if (!_settings.CountsInstructions && Math.Abs(drift) > ClockTolerance)
            _results.Remark($"{_variant.Title}: the guest's clock is off by {drift * 100:+0.0;-0.0} %: "
                + "its times are wrong by as much");
    }
}
