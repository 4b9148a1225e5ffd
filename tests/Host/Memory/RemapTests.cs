using Cashew.Abi;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Memory;
using Xunit;

namespace Cashew.Host.Memory;

// mremap(2)
public sealed class RemapTests : MemoryTest
{
    private static readonly UserAddress s_base = new(0x1000_0000);
    private static readonly UserAddress s_elsewhere = new(0x2000_0000);

    [Fact]
    public void A_mapping_grows_in_place_where_there_is_room()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 2);
        Poke(s_base + Page, 1);

        Assert.Equal(s_base, Remap(space, s_base, 2, 5, RemapFlags.None));
        Poke(s_base + 4 * Page, 2);

        Assert.Equal(1, Peek(s_base + Page));
        Assert.Equal("0+5rw-p", Describe(space, s_base));
        space.Release();
    }

    [Fact]
    public void A_mapping_that_has_no_room_moves_with_its_pages()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 3);
        MapAt(space, s_base + 3 * Page, 1, ReadOnly);
        for (int i = 0; i < 3; i++) Poke(s_base + (ulong)i * Page, (byte)(i + 1));
        int frames = Simulation.CountFrames(FrameKind.Data);

        Assert.Equal(Errno.ENOMEM, RemapError(space, s_base, 3, 4, RemapFlags.None));
        UserAddress at = Remap(space, s_base, 3, 200, RemapFlags.MayMove);

        Assert.NotEqual(s_base, at);
        Assert.Equal(frames, Simulation.CountFrames(FrameKind.Data));
        for (int i = 0; i < 3; i++) Assert.Equal(i + 1, Peek(at + (ulong)i * Page));
        Assert.Equal(0, Peek(at + 3 * Page));
        Assert.False(CanPeek(s_base));
        Assert.Equal((201L, 3L), (space.Sizes.Total, space.Resident.Anonymous));
        space.Release();
    }

    [Fact]
    public void Many_pages_move_in_batches()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 1500);
        for (int i = 0; i < 1500; i += 3) Poke(s_base + (ulong)i * Page, (byte)i);

        Assert.Equal(s_elsewhere, Remap(space, s_base, 1500, 1500, RemapFlags.MayMove | RemapFlags.Fixed, s_elsewhere));

        for (int i = 0; i < 1500; i++) Assert.Equal(i % 3 == 0 ? (byte)i : 0, Peek(s_elsewhere + (ulong)i * Page));
        space.Release();
    }

    [Fact]
    public void Shrinking_cuts_the_end_off()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 5);
        Poke(s_base + 4 * Page, 1);

        Assert.Equal(s_base, Remap(space, s_base, 5, 2, RemapFlags.None));
        Assert.Equal("0+2rw-p", Describe(space, s_base));
        Assert.Equal(0, space.Resident.Anonymous);
        space.Release();
    }

    [Fact]
    public void A_part_of_a_mapping_can_move_and_leaves_a_hole()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 6);
        for (int i = 0; i < 6; i++) Poke(s_base + (ulong)i * Page, (byte)(i + 1));

        UserAddress to = Remap(space, s_base + 2 * Page, 2, 2, RemapFlags.MayMove | RemapFlags.Fixed, s_elsewhere);

        Assert.Equal("0+2rw-p 4+2rw-p 65536+2rw-p", Describe(space, s_base));
        Assert.Equal((3, 4), (Peek(to), Peek(to + Page)));
        Assert.Equal((2, 5), (Peek(s_base + Page), Peek(s_base + 4 * Page)));
        space.Release();
    }

    [Fact]
    public void Fixed_replaces_what_is_there()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 1);
        MapAt(space, s_elsewhere, 3);
        Poke(s_base, 1);
        Poke(s_elsewhere + Page, 2);

        Remap(space, s_base, 1, 1, RemapFlags.MayMove | RemapFlags.Fixed, s_elsewhere + Page);

        Assert.Equal(1, Peek(s_elsewhere + Page));
        Assert.Equal("0+3rw-p", Describe(space, s_elsewhere));
        space.Release();
    }

    [Fact]
    public void DontUnmap_leaves_the_old_range_empty()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 2);
        Poke(s_base, 1);

        UserAddress at = Remap(space, s_base, 2, 2, RemapFlags.MayMove | RemapFlags.DontUnmap);

        Assert.Equal(1, Peek(at));
        Assert.Equal(0, Peek(s_base));
        Assert.Equal(4, space.Sizes.Total);
        space.Release();
    }

    [Fact]
    public void No_old_length_makes_a_second_view_of_shared_memory()
    {
        AddressSpace space = NewSpace();
        UserAddress at = Map(space, new MapRequest { LengthBytes = 2 * Page, Rights = ReadWrite, Flags = MapFlags.Shared });
        Poke(at + Page, 1);
        MapAt(space, s_base, 1);

        UserAddress view = Remap(space, at, 0, 2, RemapFlags.MayMove);

        Assert.Equal(1, Peek(view + Page));
        Poke(view, 2);
        Assert.Equal(2, Peek(at));
        Assert.Equal(Errno.EINVAL, RemapError(space, s_base, 0, 1, RemapFlags.MayMove));
        space.Release();
    }

    [Fact]
    public void File_pages_and_private_copies_move_and_truncate_still_finds_them()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(4, 9);
        UserAddress at = MapFile(space, file, 4, ReadWrite, MapFlags.None);
        Poke(at + 3 * Page, 1);
        Peek(at);

        UserAddress to = Remap(space, at, 4, 4, RemapFlags.MayMove | RemapFlags.Fixed, s_base);
        Assert.Equal((9, 1), (Peek(to), Peek(to + 3 * Page)));
        Assert.Equal(Errno.None, file.Pages.Truncate(2 * Page));

        Assert.Equal(9, Peek(to + Page));
        Assert.False(CanPeek(to + 3 * Page));
        Assert.Equal(FaultResult.BusError, Faults.Last);
        Assert.Equal(1, file.References);
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void Errors_are_those_of_the_manual_page()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 2);
        MapAt(space, s_base + 2 * Page, 2, ReadOnly);
        const RemapFlags MoveTo = RemapFlags.MayMove | RemapFlags.Fixed;

        Assert.Equal(Errno.EINVAL, RemapError(space, s_base, 1, 1, (RemapFlags)8));
        Assert.Equal(Errno.EINVAL, RemapError(space, s_base, 1, 1, RemapFlags.Fixed, s_elsewhere));
        Assert.Equal(Errno.EINVAL, RemapError(space, s_base, 1, 2, RemapFlags.MayMove | RemapFlags.DontUnmap));
        Assert.Equal(Errno.EINVAL, RemapError(space, s_base + 1, 1, 1, RemapFlags.None));
        Assert.Equal(Errno.EINVAL, RemapError(space, s_base, 1, 0, RemapFlags.None));
        Assert.Equal(Errno.EINVAL, RemapError(space, s_base, 2, 2, MoveTo, s_base + Page));
        Assert.Equal(Errno.EINVAL, RemapError(space, s_base, 2, 2, MoveTo, s_elsewhere + 1));
        Assert.Equal(Errno.EINVAL, RemapError(space, s_base, 2, 2, MoveTo, At(UserAddress.LimitValue - Page)));
        Assert.Equal(Errno.EPERM, RemapError(space, s_base, 2, 2, MoveTo, At(Page)));
        Assert.Equal(Errno.EFAULT, RemapError(space, s_base - Page, 1, 2, RemapFlags.MayMove));
        Assert.Equal(Errno.EFAULT, RemapError(space, s_base, 3, 4, RemapFlags.MayMove));
        Assert.Equal("0+2rw-p 2+2r--p", Describe(space, s_base));
        space.Release();
    }

    [Fact]
    public void Limits_hold_for_growth()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 4);
        space.Limits.AddressSpaceBytes = 6 * Page;

        Assert.Equal(Errno.ENOMEM, RemapError(space, s_base, 4, 7, RemapFlags.MayMove));
        Assert.Equal(s_base, Remap(space, s_base, 4, 6, RemapFlags.MayMove));
        space.Limits.AddressSpaceBytes = SpaceLimits.Unlimited;
        space.Limits.LockedBytes = 7 * Page;
        Assert.Equal(Errno.None, space.Lock(s_base, 6 * Page, LockMode.Now, MapFlags.None));
        Assert.Equal(Errno.EAGAIN, RemapError(space, s_base, 6, 8, RemapFlags.MayMove));
        Remap(space, s_base, 6, 7, RemapFlags.MayMove);
        Assert.Equal((7L, 7L), (space.Sizes.Locked, space.Resident.Anonymous));
        space.Release();
    }

    private static UserAddress Remap(
        AddressSpace space, UserAddress old, int oldPages, int newPages, RemapFlags flags, UserAddress to = default)
    {
        bool isDone = space.TryRemap(
            old, (ulong)oldPages * Page, (ulong)newPages * Page, flags, to, MapFlags.None, out UserAddress at, out Errno error);
        Assert.True(isDone, error.ToString());
        return at;
    }

    private static Errno RemapError(
        AddressSpace space, UserAddress old, int oldPages, int newPages, RemapFlags flags, UserAddress to = default)
    {
        _ = space.TryRemap(
            old, (ulong)oldPages * Page, (ulong)newPages * Page, flags, to, MapFlags.None, out _, out Errno error);
        return error;
    }
}
