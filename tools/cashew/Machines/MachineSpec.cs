namespace Cashew.Tool.Machines;

using System.Collections.Generic;

/// <summary>Everything that makes up one run of a virtual machine.</summary>
internal sealed record MachineSpec
{
    internal required string Kernel { get; init; }

    /// <summary>The archive of the root file system; null boots without one.</summary>
    internal string? Initramfs { get; init; }

    internal string CommandLine { get; init; } = "";

    internal MachineModel Model { get; init; } = MachineModel.Microvm;

    /// <summary>The machine type's own properties, as QEMU reads them: acpi=off,rtc=off.</summary>
    internal string ModelOptions { get; init; } = "";

    /// <summary>As QEMU reads it: 256M, 2G.</summary>
    internal string Memory { get; init; } = "256M";

    internal int Cpus { get; init; } = 1;

    /// <summary>Resolved: no longer <see cref="AcceleratorChoice.Auto"/>.</summary>
    internal AcceleratorChoice Accelerator { get; init; } = AcceleratorChoice.Tcg;

    internal ConsoleKind Console { get; init; } = ConsoleKind.Output;

    /// <summary>The log for <see cref="ConsoleKind.File"/>.</summary>
    internal string ConsoleLog { get; init; } = "";

    /// <summary>
    /// True keeps Ctrl-C from the machine: it then belongs to a debugger on the same terminal.
    /// </summary>
    internal bool IsDetached { get; init; }

    /// <summary>Further QEMU options, for the debugger's stub and later devices.</summary>
    internal IReadOnlyList<string> Extra { get; init; } = [];
}
