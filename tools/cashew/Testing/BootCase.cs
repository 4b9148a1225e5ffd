namespace Cashew.Tool.Testing;

using System;
using System.Collections.Generic;
using Cashew.Tool.Machines;
using Cashew.Tool.Support;

/// <summary>One way to start the kernel, and what the kernel has to notice.</summary>
internal sealed record BootCase
{
    internal required string Name { get; init; }

    /// <summary>The machine, from what all of them share; files may go into the folder.</summary>
    internal required Func<MachineSpec, ScratchFolder, MachineSpec> Describe { get; init; }

    /// <summary>Each has to be part of a line that the kernel reports.</summary>
    internal required IReadOnlyList<string> Expected { get; init; }

    /// <summary>A machine that cannot be turned off in any other way.</summary>
    internal bool EndsInTripleFault { get; init; }
}
