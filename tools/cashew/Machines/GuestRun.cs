namespace Cashew.Tool.Machines;

using System;
using System.Globalization;
using Cashew.Tool.Support;

/// <summary>Runs one machine to its end and turns what happened into an exit code.</summary>
internal static class GuestRun
{
    private const string ExitWord = "exit ";

    /// <param name="tools">Where to report.</param>
    /// <param name="spec">The machine.</param>
    /// <param name="limit">When to end it.</param>
    /// <param name="expectsStatus">True when a power-off without a status is a failure.</param>
    internal static int Run(Toolbox tools, MachineSpec spec, TimeSpan? limit, bool expectsStatus)
    {
        using VirtualMachine machine = VirtualMachine.Start(spec);
        MachineEnding ending = machine.Wait(limit);
        int? status = null;
        while (machine.TryReadLine(TimeSpan.FromSeconds(1), out string? line))
            status = ParseStatus(line) ?? status;

        switch (ending)
        {
            case MachineEnding.TimedOut:
                tools.Reporter.Say("the time is up: ended the machine");
                return ExitCodes.TimedOut;
            case MachineEnding.Panicked:
                tools.Reporter.Say("the kernel panicked");
                return ExitCodes.MachineFailed;
            case MachineEnding.EmulatorFailed:
                tools.Reporter.Say($"QEMU ended with code {machine.ExitCode}");
                return ExitCodes.MachineFailed;
            default:
                if (status == null && expectsStatus)
                {
                    tools.Reporter.Say("the machine stopped before the program reported how it ended");
                    return ExitCodes.MachineFailed;
                }

                return status ?? ExitCodes.Success;
        }
    }

    /// <summary>Reads <c>exit N</c>, which /init writes to the second serial line.</summary>
    internal static int? ParseStatus(string line) =>
        line.StartsWith(ExitWord, StringComparison.Ordinal)
        && int.TryParse(
            line.AsSpan(ExitWord.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int status)
        && status <= 255
            ? status
            : null;
}
