namespace Cashew.Tool.Bench;

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Cashew.Tool.Machines;
using Cashew.Tool.Support;

/// <summary>Under which circumstances was measured: numbers without these mean nothing.</summary>
internal static class BenchFacts
{
    internal static IReadOnlyList<(string Name, string Value)> Collect(
        BenchSettings settings, MachineSpec machine, string? linuxImage)
    {
        string clock = settings.CountsInstructions ? "instructions, 1 ns each" : "time";
        string linux = Path.GetFileName(linuxImage)?["vmlinuz-".Length..] ?? "not measured";
        return
        [
            ("date", DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)),
            ("machine", machine.Model.ToString().ToLowerInvariant()),
            ("memory", settings.Memory),
            ("processors", machine.Cpus.ToString()),
            ("accelerator", machine.Accelerator.ToString().ToLowerInvariant()),
            ("qemu", QemuVersion()),
            ("linux", linux),
            ("boots", settings.Runs.ToString()),
            ("clock", clock),
            ("host load", File.ReadAllText("/proc/loadavg").Split(' ')[0]),
        ];
    }

    // "QEMU emulator version 7.2.22 (Debian ...)"
    private static string QemuVersion() =>
        External.RunChecked(QemuCommand.Program, ["--version"]).Split(' ', '\n')
            .SkipWhile(word => word != "version").Skip(1).FirstOrDefault("unknown");
}
