using Cashew.Machine;

namespace Cashew.Memory;

/// <summary>The fixed numbers of the user address space's layout.</summary>
/// <source>proc_sys_vm(5): mmap_min_addr, max_map_count; mmap(2): MAP_32BIT, MAP_GROWSDOWN.</source>
public static class Placement
{
    /// <summary>vm.mmap_min_addr: below lies what a null pointer with an offset reaches.</summary>
    public const ulong LowestAddress = 65536;

    /// <summary>vm.max_map_count.</summary>
    public const int MaximumMappings = 65530;

    /// <summary>stack_guard_gap: 256 pages kept free below a mapping that grows down.</summary>
    public const ulong StackGuardBytes = 256 * (ulong)UserAddress.PageSizeBytes;

    /// <summary>Where the search upward starts, if that was chosen or there is no room left below the map
    /// base: a third of the space, rounded up.</summary>
    public const ulong UpwardSearchStart =
        (UserAddress.LimitValue / 3 / UserAddress.PageSizeBytes + 1) * UserAddress.PageSizeBytes;

    // MAP_32BIT: from 1 GiB to 2 GiB.
    internal const ulong Low2GStart = 0x4000_0000;
    internal const ulong Low2GEnd = 0x8000_0000;

    private const ulong SmallestStackRoom = 128UL << 20;
    private const ulong LargestStackRoom = UserAddress.LimitValue / 6 * 5;

    /// <summary>
    /// The address below which mappings are placed, top down: room for the stack above it, as its limit asks,
    /// and a random offset.
    /// </summary>
    /// <param name="stackLimitBytes">RLIMIT_STACK.</param>
    /// <param name="mostStackOffsetBytes">How far below the end of the space the stack may begin.</param>
    /// <param name="randomOffsetBytes">What to go further down.</param>
    public static UserAddress MapBase(ulong stackLimitBytes, ulong mostStackOffsetBytes, ulong randomOffsetBytes)
    {
        ulong room = stackLimitBytes;
        ulong padding = mostStackOffsetBytes + StackGuardBytes;
        room = room > LargestStackRoom - padding ? LargestStackRoom : room + padding;
        if (room < SmallestStackRoom) room = SmallestStackRoom;

        ulong highest = UserAddress.LimitValue - room;
        ulong offset = randomOffsetBytes < highest / 2 ? randomOffsetBytes : highest / 2;
        return new UserAddress(highest - offset).PageUp;
    }
}
