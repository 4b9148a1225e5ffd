using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Xunit;

namespace Cashew.Host.Memory;

// brk(2), and mappings that grow down
public sealed class StackAndBreakTests : MemoryTest
{
    private const ulong Guard = Placement.StackGuardBytes;
    private static readonly UserAddress s_base = new(0x1000_0000);
    private static readonly UserAddress s_stackTop = new(0x7000_0000_0000);

    [Fact]
    public void The_heap_grows_and_shrinks_and_comes_back_empty()
    {
        AddressSpace space = NewSpace();
        space.InitializeBreak(s_base + 100);

        Assert.Equal(s_base + 100, space.SetBreak(default));
        Assert.Equal(s_base + 3 * Page, space.SetBreak(s_base + 3 * Page));
        Poke(s_base + 2 * Page, 1);
        Assert.Equal(s_base + Page + 1, space.SetBreak(s_base + Page + 1));
        Assert.False(CanPeek(s_base + 2 * Page));
        Assert.Equal(s_base + 3 * Page, space.SetBreak(s_base + 3 * Page));
        Assert.Equal(0, Peek(s_base + 2 * Page));
        Assert.Equal("1+2rw-p", Describe(space, s_base));
        space.Release();
    }

    [Fact]
    public void The_heap_is_one_mapping_that_has_a_name()
    {
        AddressSpace space = NewSpace();
        space.InitializeBreak(s_base);
        for (int i = 1; i <= 5; i++) space.SetBreak(s_base + (ulong)i * Page);

        Assert.Equal("0+5rw-p", Describe(space, s_base));
        Assert.True(space.TryGetNext(default, out VmaInfo info));
        Assert.Equal(MappingName.Heap, info.Name);
        space.Release();
    }

    [Fact]
    public void The_break_stays_where_it_is_when_it_cannot_move()
    {
        AddressSpace space = NewSpace();
        space.InitializeBreak(s_base);
        space.SetBreak(s_base + Page);
        MapAt(space, s_base + 4 * Page, 1);

        Assert.Equal(s_base + Page, space.SetBreak(s_base - 1));
        Assert.Equal(s_base + Page, space.SetBreak(s_base + 4 * Page));
        Assert.Equal(s_base + 3 * Page, space.SetBreak(s_base + 3 * Page));
        Assert.Equal(s_base + 3 * Page, space.SetBreak(At(ulong.MaxValue)));
        Assert.Equal(s_base + 3 * Page, space.SetBreak(At(ulong.MaxValue - Page)));
        space.Release();
    }

    [Fact]
    public void RLIMIT_DATA_counts_the_data_segment_and_the_heap()
    {
        AddressSpace space = NewSpace();
        space.Areas.DataStart = s_base;
        space.Areas.DataEnd = s_base + 2 * Page;
        space.InitializeBreak(s_base + 16 * Page);
        space.Limits.DataBytes = 5 * Page;

        Assert.Equal(s_base + 16 * Page, space.SetBreak(s_base + 20 * Page));
        Assert.Equal(s_base + 19 * Page, space.SetBreak(s_base + 19 * Page));
        space.Release();
    }

    [Fact]
    public void A_stack_grows_to_where_it_is_touched()
    {
        AddressSpace space = NewSpace();
        MapStack(space, 2);

        Poke(s_stackTop - 40 * Page, 1);

        Assert.Equal("-40+40rw-p", Describe(space, s_stackTop));
        Assert.Equal(40, space.Sizes.Stack);
        Assert.True(space.TryGetNext(default, out VmaInfo info));
        Assert.Equal(MappingName.Stack, info.Name);
        space.Release();
    }

    [Fact]
    public void A_stack_stops_at_its_limit()
    {
        AddressSpace space = NewSpace();
        space.Limits.StackBytes = 16 * Page;
        MapStack(space, 2);

        Poke(s_stackTop - 16 * Page, 1);
        Assert.False(TryPoke(s_stackTop - 16 * Page - 1, 1));
        Assert.Equal(FaultResult.BadAddress, Faults.Last);
        space.Release();
    }

    [Fact]
    public void A_stack_keeps_a_gap_to_what_lies_below()
    {
        AddressSpace space = NewSpace();
        MapStack(space, 2);
        UserAddress below = s_stackTop - Guard - 20 * Page;
        MapAt(space, below, 1);

        Poke(below + Page + Guard, 1);
        Assert.False(TryPoke(below + Page + Guard - 1, 1));
        Assert.Equal(FaultResult.BadAddress, Faults.Last);
        space.Release();
    }

    [Fact]
    public void A_neighbor_without_rights_is_gap_enough()
    {
        AddressSpace space = NewSpace();
        MapStack(space, 2);
        MapAt(space, s_stackTop - 6 * Page, 1, PageRights.None);

        Poke(s_stackTop - 5 * Page, 1);
        Assert.False(TryPoke(s_stackTop - 6 * Page, 1));
        Assert.Equal(FaultResult.BadAccess, Faults.Last);
        space.Release();
    }

    [Fact]
    public void Nothing_is_placed_into_the_gap_below_a_stack()
    {
        AddressSpace space = NewSpace();
        MapStack(space, 2);
        space.MapBase = s_stackTop;

        UserAddress at = MapAnonymous(space, 1);
        Assert.Equal(s_stackTop - 2 * Page - Guard - Page, at);
        MapRequest wish = new() { Address = s_stackTop - 10 * Page, LengthBytes = Page, Rights = ReadWrite };
        Assert.Equal(at - Page, Map(space, in wish));
        space.Release();
    }

    [Fact]
    public void RLIMIT_AS_holds_for_stacks()
    {
        AddressSpace space = NewSpace();
        MapStack(space, 2);
        space.Limits.AddressSpaceBytes = 8 * Page;

        Poke(s_stackTop - 8 * Page, 1);
        Assert.False(TryPoke(s_stackTop - 9 * Page, 1));
        space.Release();
    }

    [Theory]
    [InlineData(8ul << 20, 0ul)]
    [InlineData(0ul, 0x1234_5000ul)]
    [InlineData(ulong.MaxValue, 0x10_0000_0000ul)]
    [InlineData(ulong.MaxValue, ulong.MaxValue)]
    public void The_map_base_leaves_room_for_the_stack(ulong stackLimit, ulong random)
    {
        UserAddress mapBase = Placement.MapBase(stackLimit, 1 << 30, random);

        Assert.Equal(0, mapBase.PageOffset);
        Assert.True(mapBase.Value > Placement.LowestAddress);
        ulong room = UserAddress.LimitValue - mapBase.Value;
        Assert.True(room >= 128 << 20);
        Assert.True(stackLimit == ulong.MaxValue || room >= stackLimit);
    }

    private static void MapStack(AddressSpace space, int pages) =>
        Map(space, new MapRequest
        {
            Address = s_stackTop - (ulong)pages * Page,
            LengthBytes = (ulong)pages * Page,
            Rights = ReadWrite,
            Flags = MapFlags.Fixed | MapFlags.GrowsDown | MapFlags.Stack,
        });
}
