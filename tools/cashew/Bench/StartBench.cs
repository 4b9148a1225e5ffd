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

    // Linux copies the archive into a file system that takes half of what memory the archive leaves.
    private const string MemoryOfLarge = "1536M";

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
    internal void WarmUp(BenchVariant variant) => _ = TryBoot(variant.Machine, 0, out _, out _);

    internal void Measure(BenchVariant variant, BenchRow row, MachineModel model)
    {
        BenchSamples samples = _results[variant, row];
        if (samples.Failures.Count >= MostFailures)
            return;
        MachineSpec machine = variant.Machine with { Model = model };
        if (row.ArchiveMegabytes > 0)
            machine = machine with { Memory = MemoryOfLarge };
        if (!TryBoot(machine, row.ArchiveMegabytes, out Started started, out string why))
            samples.Fail(why);
        else if (row.IsMemory)
            samples.Add(started.TakenKibibytes, BenchUnit.Memory);
        else
            samples.Add(started.Nanoseconds, BenchUnit.Nanoseconds);
    }

    private bool TryBoot(MachineSpec machine, int archiveMegabytes, out Started started, out string why)
    {
        using ScratchFolder scratch = new();
        string initramfs = scratch.PathOf("start.cpio");
        _programs.PackStart(initramfs, archiveMegabytes);

        long start = Stopwatch.GetTimestamp();
        using VirtualMachine running =
            VirtualMachine.Start(_settings.Apply(machine with { Initramfs = initramfs }));
        while (running.TryReadLine(_settings.StartLimit - Stopwatch.GetElapsedTime(start), out string? line))
        {
            if (!BenchLine.TryParse(line, out BenchLine parsed) || parsed.Word != "START")
                continue;
            double nanoseconds = _settings.CountsInstructions
                ? parsed.Value
                : Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            // Not what the guest says it has: that leaves out what a kernel took before it began to count,
            // such as the archive itself where files stay in it.
            long all = MemorySize.KibibytesOf(machine.Memory);
            started = new Started(nanoseconds, all - parsed.FreeKibibytes);
            why = "";
            if (running.Wait(s_powerOffLimit) == MachineEnding.TimedOut)
                _results.Remark($"a machine ({machine.Model}) did not power off after its first program");
            return true;
        }

        started = default;
        why = running.IsAtEnd
            ? BenchGuest.Describe(running.Wait(s_powerOffLimit))
            : $"did not start its first program within {_settings.StartLimit.TotalSeconds:0} s";
        return false;
    }

    private readonly record struct Started(double Nanoseconds, double TakenKibibytes);
}
