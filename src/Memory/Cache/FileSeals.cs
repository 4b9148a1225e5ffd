using System;

namespace Cashew.Memory;

/// <summary>What can no longer be done with a file; the numbers are Linux's F_SEAL_*.</summary>
/// <source>fcntl(2), "File Sealing".</source>
[Flags]
public enum FileSeals
{
    None = 0,

    /// <summary>No more seals.</summary>
    Seal = 1,
    Shrink = 2,
    Grow = 4,
    Write = 8,

    /// <summary>As Write, but for mappings that are there already.</summary>
    FutureWrite = 16,
    All = Seal | Shrink | Grow | Write | FutureWrite,
}
