using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>Where the parts of a new program go: fixed places, with random distances if that is
/// wanted.</summary>
/// <source>proc_sys_kernel(5), randomize_va_space; proc_sys_vm(5), legacy_va_layout; personality(2),
/// ADDR_NO_RANDOMIZE and ADDR_COMPAT_LAYOUT.</source>
internal readonly struct AddressLayout
{
    // How many places there are, in bits of pages, and for the heap in bytes: as Linux for x86-64.
    private const int StackBits = 22;
    private const int MappingBits = 28;
    private const int PageShift = 12;
    private const ulong BreakRangeBytes = 1 << 30;
    private const ulong StackGapBytes = 8192;

    /// <summary>Two thirds of the address space: above any mapping that grows up from below, below any that
    /// grows down from the stack.</summary>
    private const ulong ProgramBase = UserAddress.LimitValue / 3 * 2 & ~(ulong)(UserAddress.PageSizeBytes - 1);

    private readonly bool _isRandom;
    private readonly bool _hasRandomBreak;

    internal AddressLayout(uint personality)
    {
        int randomization = AddressPolicy.Randomization;
        _isRandom = randomization != 0 && (personality & PersonalityBits.ADDR_NO_RANDOMIZE) == 0;
        _hasRandomBreak = _isRandom && randomization > 1;
        GrowsUpward = AddressPolicy.UsesLegacyLayout || (personality & PersonalityBits.ADDR_COMPAT_LAYOUT) != 0;
    }

    /// <summary>Whether mappings are placed one above the other, rather than below.</summary>
    internal bool GrowsUpward { get; }

    /// <summary>Where the heap of a program goes that lies among the mappings, where there is no room to
    /// grow.
    /// </summary>
    internal static UserAddress FreeBreak => new(ProgramBase + UserAddress.PageSizeBytes);

    /// <summary>The end of the stack.</summary>
    internal UserAddress StackTop() => new(UserAddress.LimitValue - RandomPages(StackBits));

    /// <summary>Where the search for a place begins, downward or upward.</summary>
    internal UserAddress MapBase(ulong stackLimitBytes)
    {
        ulong offset = RandomPages(MappingBits);
        if (GrowsUpward) return new UserAddress(Placement.UpwardSearchStart + offset);
        const ulong MostStackOffset = (1UL << StackBits) - 1 << PageShift;
        return Placement.MapBase(stackLimitBytes, _isRandom ? MostStackOffset : 0, offset);
    }

    /// <summary>Where a position-independent program begins, if it has an interpreter.</summary>
    internal ulong Program(ulong alignment) => ProgramBase + RandomPages(MappingBits) & ~(alignment - 1);

    /// <summary>Where the heap begins: somewhere after the program.</summary>
    internal UserAddress Break(UserAddress programEnd)
    {
        ulong distance = _hasRandomBreak ? Entropy.NextUInt64() % BreakRangeBytes : 0;
        return (programEnd.PageUp + distance).PageDown;
    }

    /// <summary>The distance between the strings and the rest of the first stack page.</summary>
    internal int StackGap() => _isRandom ? (int)(Entropy.NextUInt64() % StackGapBytes) : 0;

    /// <summary>One of so many places; the first when nothing is random.</summary>
    internal ulong RandomBelow(ulong count) => _isRandom ? Entropy.NextUInt64() % count : 0;

    private ulong RandomPages(int bits) => _isRandom ? Entropy.NextUInt64() >> 64 - bits << PageShift : 0;
}
