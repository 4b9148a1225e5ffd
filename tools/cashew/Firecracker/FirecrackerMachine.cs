namespace Cashew.Tool.Firecracker;

using System.Collections.Generic;
using System.Linq;

/// <summary>A virtual machine as Firecracker's user describes it.</summary>
internal sealed record FirecrackerMachine
{
    // Version 1.13 and later; before, it began 256 MiB higher. QEMU's microvm has the same hole.
    private const ulong HoleStart = 0xC000_0000;
    private const ulong HoleEnd = 0x1_0000_0000;
    private const ulong PageBytes = 4096;

    internal required BootProtocol Protocol { get; init; }

    internal required ulong MemoryBytes { get; init; }

    internal int Cpus { get; init; } = 1;

    /// <summary>All of it: with the words that Firecracker adds.</summary>
    internal required string CommandLine { get; init; }

    internal IReadOnlyList<VirtioDevice> Devices { get; init; } = [];

    /// <summary>Zero when there is none.</summary>
    internal ulong InitramfsBytes { get; init; }

    /// <summary>Version 1.8 and later; older ones have the multiprocessor table only.</summary>
    internal bool HasAcpi { get; init; } = true;

    internal IEnumerable<(ulong Start, ulong End)> Memory => MemoryBytes <= HoleStart
        ? [(0, MemoryBytes)]
        : [(0, HoleStart), (HoleEnd, HoleEnd + (MemoryBytes - HoleStart))];

    /// <summary>The last whole pages that it fits into, below 4 GiB.</summary>
    internal ulong InitramfsAddress => (Memory.First().End - InitramfsBytes) & ~(PageBytes - 1);
}
