namespace Cashew.Machine;

/// <summary>Bits of a page-table entry.</summary>
/// <source>Intel SDM volume 3, table 4-20 (4-level paging); bits 9..11 and 52..58 are ignored by the
/// processor.</source>
internal static class PageBits
{
    internal const ulong Present = 1 << 0;
    internal const ulong Writable = 1 << 1;
    internal const ulong User = 1 << 2;
    internal const ulong WriteThrough = 1 << 3;
    internal const ulong CacheDisable = 1 << 4;
    internal const ulong Accessed = 1 << 5;
    internal const ulong Dirty = 1 << 6;
    internal const ulong Large = 1 << 7;
    internal const ulong Global = 1 << 8;

    /// <summary>Ours: <see cref="PageEntry.HasMark"/>.</summary>
    internal const ulong Mark = 1 << 9;

    /// <summary>Ours: there is a page, but the program may not touch it (PROT_NONE). Never together with
    /// Present.</summary>
    internal const ulong Held = 1 << 10;

    /// <summary>There is a page, whether the processor may use it or not.</summary>
    internal const ulong Occupied = Present | Held;

    /// <summary>Where the frame lies.</summary>
    internal const ulong AddressMask = 0x000F_FFFF_FFFF_F000;

    /// <summary>Set by <see cref="ProcessorSetup"/> to bit 63 where the processor has it, zero
    /// otherwise.</summary>
    internal static ulong NoExecute;
}
