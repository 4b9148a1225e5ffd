namespace Cashew.Processes;

/// <summary>What is set, and has happened, in the memory controller of a group. Sizes are bytes.</summary>
internal sealed class CgroupMemory
{
    internal long Max { get; set; } = Cgroup.NoLimit;

    /// <summary>Where Linux begins to slow processes down and to give their caches up. Pages in memory file
    /// systems cannot be given up, so that here the figure is only kept.</summary>
    internal long High { get; set; } = Cgroup.NoLimit;

    /// <summary>What Linux protects from being given up: here nothing is.</summary>
    internal long Low { get; set; }

    /// <inheritdoc cref="Low"/>
    internal long Min { get; set; }

    // There is no swap space.
    internal long SwapMax { get; set; } = Cgroup.NoLimit;
    internal long SwapHigh { get; set; } = Cgroup.NoLimit;

    /// <summary>The whole group ends when one of it has to.</summary>
    internal bool EndsAsGroup { get; set; }

    internal long OutOfMemoryCount { get; set; }
    internal long KillCount { get; set; }
    internal long GroupKillCount { get; set; }
}
