using System;

namespace Cashew.Memory;

/// <summary>What a mapping is, besides its range, rights and backing.</summary>
[Flags]
public enum VmaFlags : ushort
{
    None = 0,

    /// <summary>MAP_SHARED: writes reach the backing, and children share the pages.</summary>
    Shared = 1 << 0,

    /// <summary>MAP_GROWSDOWN: a fault below the start extends it; a gap is kept free below.</summary>
    GrowsDown = 1 << 1,

    /// <summary>The stack made by exec; named in /proc/PID/maps.</summary>
    Stack = 1 << 2,

    /// <summary>MAP_NORESERVE: not counted as committed.</summary>
    NoReserve = 1 << 3,

    /// <summary>Its pages are counted as committed; set when that was done, so that it is undone
    /// once.</summary>
    Accounted = 1 << 4,

    /// <summary>mlock(2).</summary>
    Locked = 1 << 5,

    /// <summary>MADV_DONTFORK.</summary>
    DontFork = 1 << 6,

    /// <summary>MADV_WIPEONFORK.</summary>
    WipeOnFork = 1 << 7,

    /// <summary>MADV_DONTDUMP.</summary>
    DontDump = 1 << 8,

    /// <summary>MADV_HUGEPAGE and MADV_NOHUGEPAGE.</summary>
    WantsHugePages = 1 << 9,
    RefusesHugePages = 1 << 10,

    /// <summary>MADV_RANDOM: a fault maps no neighbors.</summary>
    RandomAccess = 1 << 11,

    /// <summary>MADV_SEQUENTIAL.</summary>
    SequentialAccess = 1 << 12,

    /// <summary>mlock2(2) with MLOCK_ONFAULT: locked as pages come in.</summary>
    LockOnFault = 1 << 13,

    /// <summary>Pages that the kernel lends to every program (vDSO): never grown, merged or locked.</summary>
    Special = 1 << 14,
}
