using System;

namespace Cashew.Memory;

/// <summary>How a new mapping is to be made; mmap(2)'s flags after decoding.</summary>
[Flags]
public enum MapFlags
{
    /// <summary>A private mapping wherever there is room.</summary>
    None = 0,
    Shared = 1 << 0,

    /// <summary>Exactly at the address, replacing what is there.</summary>
    Fixed = 1 << 1,

    /// <summary>Exactly at the address, or EEXIST.</summary>
    FixedNoReplace = 1 << 2,
    GrowsDown = 1 << 3,
    NoReserve = 1 << 4,

    /// <summary>All pages at once; a failure to do so is not reported, as on Linux.</summary>
    Populate = 1 << 5,

    /// <summary>MAP_LOCKED: populate, and count against RLIMIT_MEMLOCK.</summary>
    Locked = 1 << 6,

    /// <summary>MAP_32BIT: below 2 GiB.</summary>
    Low2G = 1 << 7,

    /// <summary>The stack of a new program.</summary>
    Stack = 1 << 8,

    /// <summary>The caller has CAP_SYS_RAWIO and may map below vm.mmap_min_addr.</summary>
    AllowLowest = 1 << 9,

    /// <summary>The caller has CAP_IPC_LOCK, which lifts RLIMIT_MEMLOCK.</summary>
    AllowLocking = 1 << 10,

    /// <summary>The kernel's own pages for every program (vDSO).</summary>
    Special = 1 << 11,
}
