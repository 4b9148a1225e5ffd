using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>Where the parts of a new program go: fixed places with random distances.</summary>
/// <source>proc_sys_kernel(5), randomize_va_space, whose value 2 this is; personality(2), ADDR_NO_RANDOMIZE.
/// </source>
internal readonly struct AddressLayout
{
    private const int StackBits = 22;
    private const int MappingBits = 28;
    private const int PageShift = 12;
    private const ulong BreakRangeBytes = 32 << 20;
    private const ulong StackGapBytes = 8192;

    /// <summary>Two thirds of the address space: above any mapping that grows up from below, below any that grows
    /// down from the stack.</summary>
    private const ulong ProgramBase = UserAddress.LimitValue / 3 * 2 & ~(ulong)(UserAddress.PageSizeBytes - 1);

    private readonly bool _isRandom;

    internal AddressLayout(uint personality) => _isRandom = (personality & PersonalityBits.ADDR_NO_RANDOMIZE) == 0;

    /// <summary>The end of the stack.</summary>
    internal UserAddress StackTop() => new(UserAddress.LimitValue - RandomPages(StackBits));

    internal UserAddress MapBase(ulong stackLimitBytes) => Placement.MapBase(stackLimitBytes, RandomPages(MappingBits));

    /// <summary>Where a position-independent program begins.</summary>
    internal ulong Program(ulong alignment) => ProgramBase + RandomPages(MappingBits) & ~(alignment - 1);

    /// <summary>Where the heap begins: a little after the program.</summary>
    internal UserAddress Break(UserAddress programEnd)
    {
        ulong distance = _isRandom ? Entropy.NextUInt64() % BreakRangeBytes : 0;
        return (programEnd + distance).PageUp;
    }

    /// <summary>The distance between the strings and the rest of the first stack page.</summary>
    internal int StackGap() => _isRandom ? (int)(Entropy.NextUInt64() % StackGapBytes) : 0;

    /// <summary>One of so many places; the first when nothing is random.</summary>
    internal ulong RandomBelow(ulong count) => _isRandom ? Entropy.NextUInt64() % count : 0;

    private ulong RandomPages(int bits) => _isRandom ? Entropy.NextUInt64() >> 64 - bits << PageShift : 0;
}
