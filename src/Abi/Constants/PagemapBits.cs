namespace Cashew.Abi;

/// <summary>What /proc/PID/pagemap says of a page.</summary>
/// <source>proc_pid_pagemap(5).</source>
public static class PagemapBits
{
    /// <summary>The number of the frame: the low 55 bits.</summary>
    public const ulong PM_PFRAME_MASK = (1UL << 55) - 1;

    public const ulong PM_MMAP_EXCLUSIVE = 1UL << 56;
    public const ulong PM_FILE = 1UL << 61;
    public const ulong PM_PRESENT = 1UL << 63;
}
