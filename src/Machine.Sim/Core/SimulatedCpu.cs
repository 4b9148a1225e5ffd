using System;
using System.Collections.Generic;

namespace Cashew.Machine.Simulated;

/// <summary>One simulated processor. Touched only by the host thread that holds the baton.</summary>
internal sealed class SimulatedCpu(Simulation machine, int id)
{
    internal const int RankWords = 4;

    internal Simulation Machine { get; } = machine;

    internal int Id { get; } = id;

    /// <summary>The host thread that plays this processor now.</summary>
    internal HostThread? Host { get; set; }

    internal ThreadContext? Context { get; set; }

    internal PageTable? ActiveTable { get; set; }

    internal bool InterruptsEnabled { get; set; } = true;

    internal int InterruptDepth { get; set; }

    internal bool HasAttention { get; set; }

    internal bool IsHalted { get; set; }

    /// <summary>The lock it spins on; it is no use letting it go on while somebody holds that.</summary>
    internal SpinLock? SpinsOn { get; set; }

    /// <summary>When the program that computes here will be done if nothing comes between; zero when none
    /// computes.</summary>
    internal long ComputesUntil { get; set; }

    internal long TimerDeadline { get; set; } = long.MaxValue;

    internal bool HasIpi { get; set; }

    internal Queue<Action> Irqs { get; } = new();

    internal ulong[] HeldRanks { get; } = new ulong[RankWords];

    internal int HeldLocks { get; set; }
}
