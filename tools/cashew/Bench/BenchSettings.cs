namespace Cashew.Tool.Bench;

using System;
using System.Collections.Generic;
using Cashew.Tool.Machines;

/// <summary>How much is measured, and by which clock.</summary>
/// <param name="Runs">How many times each kernel boots.</param>
/// <param name="CountsInstructions">
/// True makes the guest's clock a count of instructions, one a nanosecond: the same each time.
/// </param>
/// <param name="Memory">The machine's memory, as QEMU reads it.</param>
internal sealed record BenchSettings(int Runs, bool CountsInstructions, string Memory)
{
    /// <summary>For this long a guest may say nothing before it counts as hung.</summary>
    internal TimeSpan SilenceLimit => TimeSpan.FromSeconds(CountsInstructions ? 180 : 60);

    /// <summary>For this long a machine may take to its first program.</summary>
    internal TimeSpan StartLimit => TimeSpan.FromSeconds(CountsInstructions ? 120 : 30);

    /// <summary>How long the guest measures a row; counts need no repeating to be exact.</summary>
    internal IEnumerable<string> GuestWords => CountsInstructions
        ? ["--batch-us", "4000", "--batches", "3"]
        : ["--batch-us", "25000", "--batches", "11"];

    /// <summary>The machine with the clock that is wanted.</summary>
    /// <source>QEMU's manual, -icount: shift=0 is 1 ns an instruction; sleep=off skips idle time.</source>
    internal MachineSpec Apply(MachineSpec machine)
    {
        string[] counting = ["-icount", "shift=0,sleep=off", "-rtc", "base=2024-01-01,clock=vm"];
        return CountsInstructions
            ? machine with { Extra = [.. machine.Extra, .. counting, "-seed", "1"] }
            : machine;
    }
}
