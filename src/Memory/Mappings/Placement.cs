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

    /// <summary>Where the search upward starts when there is no room left below the map base: a third of the space.</summary>
    internal const ulong UpwardSearchStart =
        UserAddress.LimitValue / 3 / UserAddress.PageSizeBytes * UserAddress.PageSizeBytes;

    // MAP_32BIT: from 1 GiB to 2 GiB.
    internal const ulong Low2GStart = 0x4000_0000;
    internal const ulong Low2GEnd = 0x8000_0000;

    private const ulong SmallestStackRoom = 128UL << 20;
    private const ulong LargestStackRoom = UserAddress.LimitValue / 6 * 5;

    // The stack's own random offset is at most 16 GiB (22 bits of pages).
    private const ulong LargestStackOffset = 1UL << 34;

    /// <summary>
    /// The address below which mappings are placed, top down: room for the stack above it, as its limit asks, and a
    /// random offset.
    /// </summary>
    public static UserAddress MapBase(ulong stackLimitBytes, ulong randomOffsetBytes)
    {
        ulong room = stackLimitBytes;
        ulong padding = LargestStackOffset + StackGuardBytes;
        room = room > LargestStackRoom - padding ? LargestStackRoom : room + padding;
        if (room < SmallestStackRoom) room = SmallestStackRoom;

        ulong highest = UserAddress.LimitValue - room;
        ulong offset = randomOffsetBytes < highest / 2 ? randomOffsetBytes : highest / 2;
        return new UserAddress(highest - offset).PageDown;
    }
}
