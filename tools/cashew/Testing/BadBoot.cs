namespace Cashew.Tool.Testing;

using System.Collections.Generic;
using Cashew.Tool.Images;
using Cashew.Tool.Machines;

/// <summary>A machine that is given something bad, or hardly enough, and how that has to end.</summary>
/// <param name="Name">What is bad.</param>
internal sealed record BadBoot(string Name)
{
    /// <summary>What the loader hands over; null is nothing at all.</summary>
    internal byte[]? Archive { get; init; }

    /// <summary>
    /// Puts the archive between the usual root file system and the archive of this program's run.
    /// </summary>
    internal GuestProgram? Program { get; init; }

    /// <summary>The whole command line; null is the usual one.</summary>
    internal string? CommandLine { get; init; }

    /// <summary>As QEMU reads it; null is what all machines have.</summary>
    internal string? Memory { get; init; }

    internal MachineEnding Ending { get; init; } = MachineEnding.Panicked;

    /// <summary>
    /// All of them in one line of the console; after a panic, in the one that gives its reason.
    /// </summary>
    internal required IReadOnlyList<string> Words { get; init; }
}
