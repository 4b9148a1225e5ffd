namespace Cashew.Tool.Bench;

using System;
using System.Diagnostics;
using Cashew.Tool.Machines;
using Cashew.Tool.Support;

/// <summary>
/// Times a boot from outside: from QEMU's start to the line that the first program writes.
/// </summary>
internal sealed class StartBench
{
    // A boot that hangs costs its whole limit; twice is enough to know.
    private const int MostFailures = 2;

    private static readonly TimeSpan s_powerOffLimit = TimeSpan.FromSeconds(5);

    private readonly BenchPrograms _programs;
    private readonly BenchSettings _settings;
    private readonly BenchResults _results;

    internal StartBench(BenchPrograms programs, BenchSettings settings, BenchResults results)
    {
        _programs = programs;
        _settings = settings;
        _results = results;
    }

    /// <summary>
    /// Boots once without counting, so that files are in the host's memory and code is compiled.
    /// </summary>
    internal void WarmUp(BenchVariant variant) => _ = TryBoot(variant.Machine, out _, out _);

    internal void Measure(BenchVariant variant, BenchRow row, MachineModel model)
    {
        BenchSamples samples = _results[variant, row];
        if (samples.Failures.Count >= MostFailures)
            return;
        if (TryBoot(variant.Machine with { Model = model }, out double nanoseconds, out string why))
            samples.Add(nanoseconds, BenchUnit.Nanoseconds);
        else
            samples.Fail(why);
    }

    private bool TryBoot(MachineSpec machine, out double nanoseconds, out string why)
    {
        using ScratchFolder scratch = new();
        string initramfs = scratch.PathOf("start.cpio");
        _programs.PackStart(initramfs);

        long start = Stopwatch.GetTimestamp();
        using VirtualMachine running =
            VirtualMachine.Start(_settings.Apply(machine with { Initramfs = initramfs }));
        while (running.TryReadLine(_settings.StartLimit - Stopwatch.GetElapsedTime(start), out string? line))
        {
            if (!BenchLine.TryParse(line, out BenchLine parsed) || parsed.Word != "START")
                continue;
            nanoseconds = _settings.CountsInstructions
                ? parsed.Value
                : Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            why = "";
            if (running.Wait(s_powerOffLimit) == MachineEnding.TimedOut)
                _results.Remark($"a machine ({machine.Model}) did not power off after its first program");
            return true;
        }

        nanoseconds = 0;
        why = running.IsAtEnd
            ? BenchGuest.Describe(running.Wait(s_powerOffLimit))
            : $"did not start its first program within {_settings.StartLimit.TotalSeconds:0} s";
        return false;
    }
}
