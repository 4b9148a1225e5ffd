using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Xunit;

namespace Cashew.Host.Memory;

// mmap(2) and munmap(2): placement, errors and their order, merging and splitting.
public sealed class MapTests : MemoryTest
{
    private static readonly UserAddress s_base = new(0x1000_0000);

    [Fact]
    public void Anonymous_memory_reads_as_zeros_and_keeps_what_is_written()
    {
        AddressSpace space = NewSpace();
        UserAddress at = MapAnonymous(space, 4);

        Assert.Equal(0, Peek(at + 3 * Page + 17));
        Poke(at + Page, 42);

        Assert.Equal(42, Peek(at + Page));
        Assert.Equal(0, Peek(at + Page + 1));
        space.Release();
    }

    [Fact]
    public void Reading_untouched_memory_takes_no_frame()
    {
        AddressSpace space = NewSpace();
        UserAddress at = MapAnonymous(space, 64);
        Peek(at);
        long before = Frame.FreeCount;

        for (int i = 1; i < 64; i++) Peek(at + (ulong)i * Page);

        Assert.Equal(before, Frame.FreeCount);
        Assert.Equal(0, space.Resident.Total);
        space.Release();
    }

    [Fact]
    public void Mappings_are_placed_top_down_from_the_map_base_and_merge()
    {
        AddressSpace space = NewSpace();
        UserAddress first = MapAnonymous(space, 2);
        UserAddress second = MapAnonymous(space, 3);

        Assert.Equal(space.MapBase, first + 2 * Page);
        Assert.Equal(first, second + 3 * Page);
        Assert.Equal("0+5rw-p", Describe(space, second));
        space.Release();
    }

    [Fact]
    public void A_hole_that_is_large_enough_is_used_again()
    {
        AddressSpace space = NewSpace();
        UserAddress top = MapAnonymous(space, 1, ReadOnly);
        UserAddress hole = MapAnonymous(space, 4);
        MapAnonymous(space, 1, ReadOnly);
        Assert.Equal(Errno.None, space.Unmap(hole, 4 * Page));

        Assert.Equal(hole + Page, MapAnonymous(space, 3, ReadExecute));
        Assert.Equal(top, hole + 4 * Page);
        space.Release();
    }

    [Fact]
    public void When_nothing_is_free_below_the_map_base_the_space_above_is_searched()
    {
        AddressSpace space = NewSpace();
        space.MapBase = At(Placement.LowestAddress + 4 * Page);

        UserAddress at = MapAnonymous(space, 5);

        Assert.True(at.Value > space.MapBase.Value);
        space.Release();
    }

    [Fact]
    public void A_free_hint_is_taken_and_rounded_down()
    {
        AddressSpace space = NewSpace();
        MapRequest request = new() { Address = s_base + 123, LengthBytes = Page, Rights = ReadWrite };

        Assert.Equal(s_base, Map(space, in request));
        Assert.NotEqual(s_base, Map(space, in request));
        space.Release();
    }

    [Fact]
    public void A_hint_below_the_lowest_address_is_raised_to_it()
    {
        AddressSpace space = NewSpace();
        MapRequest request = new() { Address = At(Page), LengthBytes = Page, Rights = ReadWrite };

        Assert.Equal(Placement.LowestAddress, Map(space, in request).Value);
        space.Release();
    }

    [Fact]
    public void Low_2G_is_placed_between_one_and_two_gigabytes()
    {
        AddressSpace space = NewSpace();
        MapRequest request = new() { LengthBytes = Page, Rights = ReadWrite, Flags = MapFlags.Low2G };

        Assert.Equal(0x4000_0000ul, Map(space, in request).Value);
        Assert.Equal(0x4000_1000ul, Map(space, in request).Value);
        space.Release();
    }

    [Fact]
    public void A_fixed_mapping_replaces_what_it_covers()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 6);
        Poke(s_base + 2 * Page, 7);
        MapAt(space, s_base + 2 * Page, 2, ReadOnly);

        Assert.Equal(0, Peek(s_base + 2 * Page));
        Assert.Equal("0+2rw-p 2+2r--p 4+2rw-p", Describe(space, s_base));
        space.Release();
    }

    [Fact]
    public void FixedNoReplace_leaves_what_is_there()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 2);
        MapRequest request = new()
        {
            Address = s_base + Page,
            LengthBytes = 2 * Page,
            Rights = ReadOnly,
            Flags = MapFlags.FixedNoReplace,
        };

        Assert.Equal(Errno.EEXIST, MapError(space, in request));
        request.Address = s_base + 2 * Page;
        Assert.Equal(s_base + 2 * Page, Map(space, in request));
        space.Release();
    }

    [Theory]
    [InlineData(0ul, 0x1000_0000ul, MapFlags.Fixed, Errno.EINVAL)]
    [InlineData(0x1000ul, 0x1000_0001ul, MapFlags.Fixed, Errno.EINVAL)]
    [InlineData(ulong.MaxValue, 0ul, MapFlags.None, Errno.ENOMEM)]
    [InlineData(ulong.MaxValue - 0xFFF, 0ul, MapFlags.None, Errno.ENOMEM)]
    [InlineData(0x8000_0000_0000ul, 0ul, MapFlags.None, Errno.ENOMEM)]
    [InlineData(0x2000ul, 0x7FFF_FFFF_E000ul, MapFlags.Fixed, Errno.ENOMEM)]
    [InlineData(0x1000ul, 0xFFFF_8000_0000_0000ul, MapFlags.Fixed, Errno.ENOMEM)]
    [InlineData(0x1000ul, 0x0ul, MapFlags.Fixed, Errno.EPERM)]
    [InlineData(0x1000ul, 0xF000ul, MapFlags.Fixed, Errno.EPERM)]
    [InlineData(0x1000ul, 0x1000_0000ul, MapFlags.Shared | MapFlags.GrowsDown, Errno.EINVAL)]
    public void Requests_that_make_no_sense_are_refused(ulong length, ulong at, MapFlags flags, Errno expected)
    {
        AddressSpace space = NewSpace();
        MapRequest request = new() { Address = At(at), LengthBytes = length, Rights = ReadWrite, Flags = flags };

        Assert.Equal(expected, MapError(space, in request));
        Assert.Equal(0, space.MappingCount);
        space.Release();
    }

    [Fact]
    public void The_last_page_of_the_user_half_can_be_mapped()
    {
        AddressSpace space = NewSpace();
        UserAddress last = At(UserAddress.LimitValue - Page);

        Assert.Equal(last, MapAt(space, last, 1));
        Poke(last + Page - 1, 1);
        Assert.False(TryPoke(last + Page, 1));
        space.Release();
    }

    [Fact]
    public void The_lowest_page_can_be_mapped_by_who_may()
    {
        AddressSpace space = NewSpace();
        MapRequest request = new()
        {
            LengthBytes = Page,
            Rights = ReadWrite,
            Flags = MapFlags.Fixed | MapFlags.AllowLowest,
        };

        Assert.True(Map(space, in request).IsNull);
        Poke(At(0), 5);
        Assert.Equal(5, Peek(At(0)));
        space.Release();
    }

    [Theory]
    [InlineData(true, false, ReadWrite, MapFlags.Shared, Errno.EACCES)]
    [InlineData(true, false, ReadWrite, MapFlags.None, Errno.None)]
    [InlineData(true, false, ReadOnly, MapFlags.Shared, Errno.None)]
    [InlineData(false, true, ReadOnly, MapFlags.None, Errno.EACCES)]
    [InlineData(false, true, ReadWrite, MapFlags.Shared, Errno.EACCES)]
    [InlineData(true, true, ReadOnly, MapFlags.GrowsDown, Errno.EINVAL)]
    public void A_file_must_be_open_for_what_the_mapping_does(
        bool isReadable, bool isWritable, PageRights rights, MapFlags flags, Errno expected)
    {
        AddressSpace space = NewSpace();
        TestFile file = new(new PageCache()) { IsReadable = isReadable, IsWritable = isWritable };
        MapRequest request = new() { LengthBytes = Page, Rights = rights, Flags = flags, File = file };

        Assert.Equal(expected, MapError(space, in request));
        space.Release();
        Assert.Equal(0, file.References);
    }

    [Fact]
    public void Execution_from_a_forbidden_file_is_refused_now_and_later()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(new PageCache()) { AllowsExecution = false };
        MapRequest request = new() { LengthBytes = Page, Rights = ReadExecute, File = file };

        Assert.Equal(Errno.EPERM, MapError(space, in request));
        request.Rights = ReadOnly;
        UserAddress at = Map(space, in request);
        Assert.Equal(Errno.EACCES, space.Protect(at, Page, ReadExecute));
        space.Release();
    }

    [Fact]
    public void A_file_that_cannot_be_mapped_says_so_after_the_other_checks()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(new PageCache()) { MapError = Errno.ENODEV };
        MapRequest request = new() { LengthBytes = Page, Rights = ReadOnly, File = file };

        Assert.Equal(Errno.ENODEV, MapError(space, in request));
        request.LengthBytes = 0;
        Assert.Equal(Errno.EINVAL, MapError(space, in request));
        space.Release();
    }

    [Fact]
    public void An_offset_that_no_file_can_have_overflows()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(1, 1);
        MapRequest request = new()
        {
            LengthBytes = 2 * Page,
            Rights = ReadOnly,
            File = file,
            FirstPage = long.MaxValue / Page,
        };

        Assert.Equal(Errno.EOVERFLOW, MapError(space, in request));
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void The_zero_device_is_plain_memory_when_private_and_shared_memory_when_shared()
    {
        AddressSpace space = NewSpace();
        TestFile zero = new(new PageCache()) { IsZeroDevice = true };
        UserAddress own = MapFile(space, zero, 1, ReadWrite, MapFlags.None);
        UserAddress common = MapFile(space, zero, 1, ReadWrite, MapFlags.Shared);
        AddressSpace child = Fork(space);
        Enter(child);
        Poke(own, 1);
        Poke(common, 2);
        Enter(space);

        Assert.Equal(0, Peek(own));
        Assert.Equal(2, Peek(common));
        child.Release();
        space.Release();
        Assert.Equal(0, zero.References);
    }

    [Theory]
    [InlineData(0, 0ul, Errno.EINVAL)]
    [InlineData(1, 0x1000ul, Errno.EINVAL)]
    [InlineData(0, ulong.MaxValue, Errno.EINVAL)]
    [InlineData(0, 0x7FFF_F000_0000ul, Errno.EINVAL)]
    public void Bad_ranges_are_not_unmapped(int offset, ulong length, Errno expected)
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 1);

        Assert.Equal(expected, space.Unmap(s_base + (ulong)offset, length));
        Assert.Equal("0+1rw-p", Describe(space, s_base));
        space.Release();
    }

    [Fact]
    public void Unmapping_nothing_succeeds()
    {
        AddressSpace space = NewSpace();
        Assert.Equal(Errno.None, space.Unmap(s_base, Page));
        space.Release();
    }

    [Fact]
    public void Unmapping_the_middle_splits_and_gives_the_frames_back()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 6);
        for (int i = 0; i < 6; i++) Poke(s_base + (ulong)i * Page, (byte)i);
        long before = Frame.FreeCount;

        Assert.Equal(Errno.None, space.Unmap(s_base + 2 * Page, 2 * Page - 5));

        Assert.Equal(before + 2, Frame.FreeCount);
        Assert.Equal("0+2rw-p 4+2rw-p", Describe(space, s_base));
        Assert.False(CanPeek(s_base + 2 * Page));
        Assert.Equal(FaultResult.BadAddress, Faults.Last);
        Assert.Equal(4, Peek(s_base + 4 * Page));
        Assert.Equal(4, space.Resident.Anonymous);
        space.Release();
    }

    [Fact]
    public void One_unmap_takes_out_many_mappings_and_their_files()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(8, 9);
        for (int i = 0; i < 8; i += 2)
        {
            Map(space, new MapRequest
            {
                Address = s_base + (ulong)i * Page,
                LengthBytes = Page,
                Rights = ReadOnly,
                Flags = MapFlags.Fixed,
                File = file,
            });
        }

        MapAt(space, s_base + Page, 1);
        Assert.Equal(4, file.References);

        Assert.Equal(Errno.None, space.Unmap(s_base, 8 * Page));

        Assert.Equal(0, file.References);
        Assert.Equal(0, space.MappingCount);
        Assert.Equal(0, space.Sizes.Total);
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void Populate_brings_all_pages_in_at_once()
    {
        AddressSpace space = NewSpace();
        UserAddress at = Map(space, new MapRequest
        {
            LengthBytes = 130 * Page,
            Rights = ReadWrite,
            Flags = MapFlags.Populate,
        });

        Assert.Equal(130, space.Resident.Anonymous);
        int faults = Faults.Count;
        Poke(at + 129 * Page, 1);
        Assert.Equal(faults, Faults.Count);
        space.Release();
    }

    [Fact]
    public void There_are_only_so_many_mappings()
    {
        AddressSpace space = NewSpace();
        UserAddress at = s_base;
        for (int i = 0; i < Placement.MaximumMappings; i++, at += 4 * Page) MapAt(space, at, 1);
        MapRequest request = new() { Address = at, LengthBytes = Page, Flags = MapFlags.Fixed };

        Assert.Equal(Errno.ENOMEM, MapError(space, in request));
        Assert.Equal(Placement.MaximumMappings, space.MappingCount);
        Assert.Equal(Errno.None, space.Unmap(s_base, Page));
        MapAt(space, s_base, 3, ReadOnly);
        Assert.Equal(Errno.ENOMEM, space.Unmap(s_base + Page, Page));
        Assert.Equal(Errno.None, space.Unmap(s_base, Page));
        space.Release();
    }

    [Fact]
    public void Limits_count_what_a_fixed_mapping_replaces()
    {
        AddressSpace space = NewSpace();
        space.Limits.AddressSpaceBytes = 10 * Page;
        space.Limits.DataBytes = 6 * Page;
        MapAt(space, s_base, 6);

        Assert.Equal(Errno.ENOMEM, MapError(space, new MapRequest { LengthBytes = Page, Rights = ReadWrite }));
        MapAt(space, s_base, 6);
        MapAt(space, s_base + 6 * Page, 4, ReadOnly);
        Assert.Equal(Errno.ENOMEM, MapError(space, new MapRequest { LengthBytes = Page, Rights = ReadOnly }));
        Assert.Equal(Errno.ENOMEM, space.Protect(s_base + 6 * Page, Page, ReadWrite));
        MapAt(space, s_base, 10, ReadOnly);
        space.Release();
    }

    [Fact]
    public void More_than_all_memory_is_not_promised_in_one_piece()
    {
        AddressSpace space = NewSpace();
        ulong tooMuch = (ulong)(Frame.TotalCount + 1) * Page;
        MapRequest request = new() { LengthBytes = tooMuch, Rights = ReadWrite };

        Assert.Equal(Errno.ENOMEM, MapError(space, in request));
        request.Flags = MapFlags.NoReserve;
        Map(space, in request);
        request = new MapRequest { LengthBytes = tooMuch, Rights = ReadOnly };
        UserAddress at = Map(space, in request);
        Assert.Equal(Errno.ENOMEM, space.Protect(at, tooMuch, ReadWrite));
        Assert.Equal(Errno.ENOMEM, MapError(space, new MapRequest
        {
            LengthBytes = tooMuch,
            Rights = ReadWrite,
            Flags = MapFlags.Shared,
        }));
        space.Release();
    }

    [Fact]
    public void With_strict_promises_the_sum_counts()
    {
        AddressSpace space = NewSpace();
        Commitment.Mode = OvercommitMode.Never;
        try
        {
            long room = Commitment.LimitPages - Commitment.Pages;
            MapRequest request = new()
            {
                LengthBytes = (ulong)(room / 2 + 1) * Page,
                Rights = ReadWrite,
                Flags = MapFlags.NoReserve,
            };
            Map(space, in request);

            Assert.Equal(Errno.ENOMEM, MapError(space, in request));
            Assert.False(space.TryFork(out _, out Errno error));
            Assert.Equal(Errno.ENOMEM, error);
        }
        finally
        {
            Commitment.Mode = OvercommitMode.Heuristic;
        }

        space.Release();
    }

    [Fact]
    public void Sizes_follow_what_is_mapped()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(4, 1);
        UserAddress text = MapFile(space, file, 3, ReadExecute, MapFlags.None);
        MapFile(space, file, 2, ReadWrite, MapFlags.Shared);
        UserAddress data = MapAnonymous(space, 5);
        MapAnonymous(space, 7, ReadOnly);

        SpaceSizes sizes = space.Sizes;
        Assert.Equal((17L, 3L, 5L, 0L), (sizes.Total, sizes.Executable, sizes.Data, sizes.Stack));
        Assert.Equal(Errno.None, space.Protect(data + Page, 2 * Page, ReadOnly));
        Assert.Equal(Errno.None, space.Unmap(text + Page, Page));
        sizes = space.Sizes;
        Assert.Equal((16L, 2L, 3L, 17L), (sizes.Total, sizes.Executable, sizes.Data, sizes.PeakTotal));
        space.Release();
        file.Pages.Close();
    }
}
