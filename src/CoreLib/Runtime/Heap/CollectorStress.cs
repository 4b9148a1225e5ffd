using System;

namespace Cashew.Runtime;

/// <summary>Modes that make mistakes show early.</summary>
[Flags]
public enum CollectorStress
{
    None = 0,

    /// <summary>Every safe point with anything allocated since the last one collects.</summary>
    EverySafePoint = 1,

    /// <summary>
    /// Every allocation collects first. Sound only where allocations happen at safe points: in self-tests, on one
    /// processor.
    /// </summary>
    EveryAllocation = 2,

    /// <summary>The stack of objects still to be followed is so short that it overflows all the time.</summary>
    ShortMarkStack = 4,
}
