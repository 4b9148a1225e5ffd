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
    /// Every allocation collects first. Sound only where allocations happen at safe points: in self-tests, on
    /// one processor.
    /// </summary>
    EveryAllocation = 2,

    /// <summary>
    /// The stack of objects still to be followed is so short that it overflows all the time.
    /// </summary>
    ShortMarkStack = 4,

    /// <summary>Every safe point does the smallest step there is of a collection, and one follows the
    /// other.</summary>
    SmallSteps = 8,

    /// <summary>The modes in which a safe point does a whole collection.</summary>
    AtOnce = EverySafePoint | EveryAllocation,

    /// <summary>
    /// All of the modes that collect often. In these, freed memory is overwritten, so that whoever still
    /// uses it stops at once; and every allocation goes the long way, where debug builds check that it is
    /// allowed.
    /// </summary>
    EveryChance = AtOnce | SmallSteps,
}
