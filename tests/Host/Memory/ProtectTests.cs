using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Xunit;

namespace Cashew.Host.Memory;

// mprotect(2)
public sealed class ProtectTests : MemoryTest
{
    private static readonly UserAddress s_base = new(0x1000_0000);

    [Fact]
    public void Write_to_read_only_memory_is_a_bad_access()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 1, ReadOnly);

        Assert.False(TryPoke(s_base, 1));
        Assert.Equal(FaultResult.BadAccess, Faults.Last);
        Assert.Equal(FaultResult.BadAccess, space.HandleFault(s_base, FaultAccess.Execute));
        Assert.True(CanPeek(s_base));
        space.Release();
    }

    [Fact]
    public void What_may_only_be_written_or_executed_can_be_read_too_as_on_x86()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 1, PageRights.Write);
        MapAt(space, s_base + Page, 1, PageRights.Execute);

        Assert.True(CanPeek(s_base));
        Assert.True(CanPeek(s_base + Page));
        Poke(s_base, 3);
        Assert.Equal(3, Peek(s_base));
        Assert.False(TryPoke(s_base + Page, 1));
        space.Release();
    }

    [Fact]
    public void Contents_survive_a_time_without_rights()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 2);
        Poke(s_base, 9);

        Assert.Equal(Errno.None, space.Protect(s_base, 2 * Page, PageRights.None));
        Assert.False(CanPeek(s_base));
        Assert.Equal(FaultResult.BadAccess, Faults.Last);
        Assert.False(TryPoke(s_base + Page, 1));
        Assert.Equal(1, space.Resident.Anonymous);

        Assert.Equal(Errno.None, space.Protect(s_base, 2 * Page, ReadOnly));
        Assert.Equal(9, Peek(s_base));
        Assert.False(TryPoke(s_base, 1));

        Assert.Equal(Errno.None, space.Protect(s_base, 2 * Page, ReadWrite));
        Poke(s_base, 10);
        Assert.Equal(10, Peek(s_base));
        Assert.Equal(0, Peek(s_base + Page));
        space.Release();
    }

    [Fact]
    public void Changing_the_middle_splits_and_changing_it_back_merges()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 6);

        Assert.Equal(Errno.None, space.Protect(s_base + 2 * Page, 2 * Page, ReadOnly));
        Assert.Equal("0+2rw-p 2+2r--p 4+2rw-p", Describe(space, s_base));
        Assert.Equal(Errno.None, space.Protect(s_base + 2 * Page, Page + 1, ReadWrite));
        Assert.Equal("0+6rw-p", Describe(space, s_base));
        space.Release();
    }

    [Fact]
    public void Several_mappings_change_and_become_one()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 2, ReadOnly);
        MapAt(space, s_base + 2 * Page, 2);
        MapAt(space, s_base + 4 * Page, 2, ReadExecute);

        Assert.Equal(Errno.None, space.Protect(s_base + Page, 4 * Page, ReadWrite));
        Assert.Equal("0+1r--p 1+4rw-p 5+1r-xp", Describe(space, s_base));
        space.Release();
    }

    [Fact]
    public void A_hole_is_reported_after_what_lies_before_it_has_changed()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 2);
        MapAt(space, s_base + 3 * Page, 1);

        Assert.Equal(Errno.ENOMEM, space.Protect(s_base, 4 * Page, ReadOnly));
        Assert.Equal("0+2r--p 3+1rw-p", Describe(space, s_base));
        Assert.Equal(Errno.ENOMEM, space.Protect(s_base + 2 * Page, Page, ReadOnly));
        space.Release();
    }

    [Fact]
    public void Arguments_are_checked_in_order()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 1);

        Assert.Equal(Errno.EINVAL, space.Protect(s_base + 1, 0, ReadOnly));
        Assert.Equal(Errno.None, space.Protect(s_base + 100 * Page, 0, ReadOnly));
        Assert.Equal(Errno.ENOMEM, space.Protect(s_base, ulong.MaxValue, ReadOnly));
        Assert.Equal(Errno.ENOMEM, space.Protect(s_base, 0x7FFF_FFFF_F000, ReadOnly));
        space.Release();
    }

    [Fact]
    public void A_shared_mapping_of_a_file_opened_for_reading_never_becomes_writable()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(1, 1) { IsWritable = false };
        UserAddress shared = MapFile(space, file, 1, ReadOnly, MapFlags.Shared);
        UserAddress own = MapFile(space, file, 1, ReadOnly, MapFlags.None);

        Assert.Equal(Errno.EACCES, space.Protect(shared, Page, ReadWrite));
        Assert.Equal(Errno.None, space.Protect(own, Page, ReadWrite));
        Poke(own, 2);
        Assert.Equal(1, file[0]);
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void Memory_shared_with_a_child_is_copied_even_if_rights_went_to_and_fro()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 1);
        Poke(s_base, 1);
        AddressSpace child = Fork(space);

        Assert.Equal(Errno.None, space.Protect(s_base, Page, ReadOnly));
        Assert.Equal(Errno.None, space.Protect(s_base, Page, ReadWrite));
        Poke(s_base, 2);
        Enter(child);

        Assert.Equal(1, Peek(s_base));
        child.Release();
        space.Release();
    }

    [Fact]
    public void Restoring_write_access_to_memory_of_one_s_own_costs_no_fault()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 1);
        Poke(s_base, 1);
        Assert.Equal(Errno.None, space.Protect(s_base, Page, ReadOnly));
        Assert.Equal(Errno.None, space.Protect(s_base, Page, ReadWrite));
        int before = Faults.Count;

        Poke(s_base, 2);

        Assert.Equal(before, Faults.Count);
        space.Release();
    }

    [Fact]
    public void The_page_of_zeros_never_becomes_writable()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 2, ReadOnly);
        Assert.Equal(0, Peek(s_base));
        Assert.Equal(Errno.None, space.Protect(s_base, 2 * Page, ReadWrite));

        Poke(s_base, 1);

        Assert.Equal(0, Peek(s_base + Page));
        Assert.Equal(0, Frame.Zero.Bytes[0]);
        space.Release();
    }

    [Fact]
    public void Protecting_a_stack_reaches_down_to_its_start()
    {
        AddressSpace space = NewSpace();
        MapRequest request = new()
        {
            Address = s_base,
            LengthBytes = 4 * Page,
            Rights = ReadWrite,
            Flags = MapFlags.Fixed | MapFlags.GrowsDown,
        };
        Map(space, in request);
        MapAt(space, s_base + 10 * Page, 1);

        Assert.Equal(Errno.None, space.ProtectStack(s_base + 2 * Page, Page, ReadOnly));
        Assert.Equal("0+3r--p 3+1rw-p 10+1rw-p", Describe(space, s_base));
        Assert.Equal(Errno.EINVAL, space.ProtectStack(s_base + 10 * Page, Page, ReadOnly));
        Assert.Equal(Errno.ENOMEM, space.ProtectStack(s_base + 20 * Page, Page, ReadOnly));
        space.Release();
    }
}
