using System;

namespace Cashew.Memory;

/// <summary>mremap(2)'s flags; the numbers are Linux's.</summary>
[Flags]
public enum RemapFlags
{
    None = 0,
    MayMove = 1,
    Fixed = 2,

    /// <summary>The old range stays mapped, empty.</summary>
    DontUnmap = 4,
}
