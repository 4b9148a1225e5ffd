using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Xunit;

namespace Cashew.Host.Memory;

// madvise(2), mlock(2), mincore(2), msync(2)
public sealed class AdviseAndLockTests : MemoryTest
{
    private static readonly UserAddress s_base = new(0x1000_0000);

    [Theory]
    [InlineData(MadviseAdvice.MADV_DONTNEED)]
    [InlineData(MadviseAdvice.MADV_FREE)]
    public void Pages_that_are_not_needed_come_back_as_zeros(int advice)
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 4);
        for (int i = 0; i < 4; i++) Poke(s_base + (ulong)i * Page, 1);
        long before = Frame.FreeCount;

        Assert.Equal(Errno.None, space.Advise(s_base + Page, 2 * Page, advice));

        Assert.Equal(before + 2, Frame.FreeCount);
        Assert.Equal((1, 0, 0, 1), (Peek(s_base), Peek(s_base + Page), Peek(s_base + 2 * Page), Peek(s_base + 3 * Page)));
        space.Release();
    }

    [Fact]
    public void A_private_copy_that_is_not_needed_gives_way_to_the_file()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(1, 5);
        UserAddress at = MapFile(space, file, 1, ReadWrite, MapFlags.None);
        Poke(at, 6);

        Assert.Equal(Errno.None, space.Advise(at, Page, MadviseAdvice.MADV_DONTNEED));

        Assert.Equal(5, Peek(at));
        Assert.Equal(Errno.EINVAL, space.Advise(at, Page, MadviseAdvice.MADV_FREE));
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void Advice_goes_on_over_holes_and_reports_them()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 1);
        MapAt(space, s_base + 2 * Page, 1);
        Poke(s_base, 1);
        Poke(s_base + 2 * Page, 1);

        Assert.Equal(Errno.ENOMEM, space.Advise(s_base, 3 * Page, MadviseAdvice.MADV_DONTNEED));

        Assert.Equal((0, 0), (Peek(s_base), Peek(s_base + 2 * Page)));
        Assert.Equal(Errno.ENOMEM, space.Advise(s_base, 3 * Page, MadviseAdvice.MADV_RANDOM));
        space.Release();
    }

    [Theory]
    [InlineData(1, 0x1000ul, MadviseAdvice.MADV_NORMAL, Errno.EINVAL)]
    [InlineData(0, ulong.MaxValue, MadviseAdvice.MADV_NORMAL, Errno.EINVAL)]
    [InlineData(0, 0xFFFF_FFFF_FFFF_F000ul, MadviseAdvice.MADV_NORMAL, Errno.EINVAL)]
    [InlineData(0, 0x1000ul, 5, Errno.EINVAL)]
    [InlineData(0, 0ul, 5, Errno.EINVAL)]
    [InlineData(0, 0ul, MadviseAdvice.MADV_DONTNEED, Errno.None)]
    [InlineData(0, 0x1000ul, MadviseAdvice.MADV_MERGEABLE, Errno.EINVAL)]
    [InlineData(0, 0x1000ul, MadviseAdvice.MADV_HWPOISON, Errno.EINVAL)]
    [InlineData(0, 0x1000ul, MadviseAdvice.MADV_WILLNEED, Errno.None)]
    [InlineData(0, 0x1000ul, MadviseAdvice.MADV_COLD, Errno.None)]
    [InlineData(0, 0x1000ul, MadviseAdvice.MADV_REMOVE, Errno.EINVAL)]
    public void Arguments_are_checked(int offset, ulong length, int advice, Errno expected)
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 1);
        Assert.Equal(expected, space.Advise(s_base + (ulong)offset, length, advice));
        space.Release();
    }

    [Fact]
    public void Flags_split_and_join_mappings()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 4);

        Assert.Equal(Errno.None, space.Advise(s_base + Page, Page, MadviseAdvice.MADV_HUGEPAGE));
        Assert.Equal("0+1rw-p 1+1rw-p 2+2rw-p", Describe(space, s_base));
        Assert.Equal(Errno.None, space.Advise(s_base, 4 * Page, MadviseAdvice.MADV_HUGEPAGE));
        Assert.Equal("0+4rw-p", Describe(space, s_base));
        space.Release();
    }

    [Fact]
    public void Only_private_anonymous_memory_is_wiped_on_fork()
    {
        AddressSpace space = NewSpace();
        UserAddress at = Map(space, new MapRequest { LengthBytes = Page, Rights = ReadWrite, Flags = MapFlags.Shared });
        Assert.Equal(Errno.EINVAL, space.Advise(at, Page, MadviseAdvice.MADV_WIPEONFORK));
        space.Release();
    }

    [Fact]
    public void Remove_punches_a_hole_into_shared_memory_for_all_who_map_it()
    {
        AddressSpace space = NewSpace();
        UserAddress at = Map(space, new MapRequest { LengthBytes = 3 * Page, Rights = ReadWrite, Flags = MapFlags.Shared });
        for (int i = 0; i < 3; i++) Poke(at + (ulong)i * Page, 1);
        AddressSpace child = Fork(space);
        Enter(child);
        Peek(at + Page);
        long before = Frame.FreeCount;

        Assert.Equal(Errno.None, space.Advise(at + Page, Page, MadviseAdvice.MADV_REMOVE));

        Assert.Equal(before + 1, Frame.FreeCount);
        Assert.Equal((1, 0, 1), (Peek(at), Peek(at + Page), Peek(at + 2 * Page)));
        Assert.Equal(Errno.None, space.Protect(at, Page, ReadOnly));
        Assert.Equal(Errno.None, space.Advise(at, Page, MadviseAdvice.MADV_REMOVE));
        child.Release();
        space.Release();
    }

    [Fact]
    public void Populate_read_and_write_bring_pages_in_or_say_why_not()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(1, 1);
        MapAt(space, s_base, 70);
        MapAt(space, s_base + 70 * Page, 1, ReadOnly);
        UserAddress beyond = MapFile(space, file, 2, ReadOnly, MapFlags.None);

        Assert.Equal(Errno.None, space.Advise(s_base, 70 * Page, MadviseAdvice.MADV_POPULATE_READ));
        Assert.Equal(0, space.Resident.Anonymous);
        Assert.Equal(Errno.None, space.Advise(s_base, 70 * Page, MadviseAdvice.MADV_POPULATE_WRITE));
        Assert.Equal(70, space.Resident.Anonymous);
        Assert.Equal(Errno.EINVAL, space.Advise(s_base, 71 * Page, MadviseAdvice.MADV_POPULATE_WRITE));
        Assert.Equal(Errno.ENOMEM, space.Advise(s_base, 72 * Page, MadviseAdvice.MADV_POPULATE_READ));
        Assert.Equal(Errno.EFAULT, space.Advise(beyond, 2 * Page, MadviseAdvice.MADV_POPULATE_READ));
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void Locked_memory_is_present_counted_and_not_taken_away()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 6);
        space.Limits.LockedBytes = 4 * Page;

        Assert.Equal(Errno.None, space.Lock(s_base + Page + 5, 2 * Page, LockMode.Now, MapFlags.None));
        Assert.Equal((3L, 3L), (space.Sizes.Locked, space.Resident.Anonymous));
        Assert.Equal(Errno.EINVAL, space.Advise(s_base + Page, Page, MadviseAdvice.MADV_DONTNEED));
        Assert.Equal(Errno.None, space.Advise(s_base + Page, Page, MadviseAdvice.MADV_DONTNEED_LOCKED));
        Assert.Equal(Errno.ENOMEM, space.Lock(s_base, 6 * Page, LockMode.Now, MapFlags.None));
        Assert.Equal(Errno.None, space.Lock(s_base, 4 * Page, LockMode.Now, MapFlags.None));
        Assert.Equal(Errno.None, space.Lock(s_base, 6 * Page, LockMode.Now, MapFlags.AllowLocking));
        Assert.Equal(6, space.Sizes.Locked);
        Assert.Equal(Errno.None, space.Unlock(s_base, 5 * Page));
        Assert.Equal(1, space.Sizes.Locked);
        Assert.Equal("0+5rw-p 5+1rw-p", Describe(space, s_base));
        space.Limits.LockedBytes = 0;
        Assert.Equal(Errno.EPERM, space.Lock(s_base, Page, LockMode.Now, MapFlags.None));
        space.Release();
    }

    [Fact]
    public void Locking_unmapped_memory_fails()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 2);
        Assert.Equal(Errno.ENOMEM, space.Lock(s_base, 3 * Page, LockMode.Now, MapFlags.None));
        Assert.Equal(Errno.ENOMEM, space.Unlock(s_base - Page, Page));
        Assert.Equal(Errno.EINVAL, space.Lock(s_base, ulong.MaxValue - Page, LockMode.Now, MapFlags.None));
        space.Release();
    }

    [Fact]
    public void Everything_can_be_locked_now_and_in_future()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 3);
        space.InitializeBreak(s_base + 0x100_0000);

        Assert.Equal(Errno.EINVAL, space.LockAll(LockAllScope.None, LockMode.Now, MapFlags.None));
        Assert.Equal(Errno.None, space.LockAll(LockAllScope.Current | LockAllScope.Future, LockMode.Now, MapFlags.None));
        Assert.Equal((3L, 3L), (space.Sizes.Locked, space.Resident.Anonymous));
        MapAnonymous(space, 2);
        space.SetBreak(space.Break + 2 * Page);
        Assert.Equal((7L, 7L), (space.Sizes.Locked, space.Resident.Anonymous));
        space.Limits.LockedBytes = 7 * Page;
        Assert.Equal(Errno.EAGAIN, MapError(space, new MapRequest { LengthBytes = Page, Rights = ReadWrite }));
        space.UnlockAll();
        Assert.Equal(0, space.Sizes.Locked);
        MapAnonymous(space, 2, ReadExecute);
        Assert.Equal(0, space.Sizes.Locked);
        space.Release();
    }

    [Fact]
    public void Locking_on_fault_brings_nothing_in()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 3);
        Assert.Equal(Errno.None, space.Lock(s_base, 3 * Page, LockMode.OnFault, MapFlags.None));
        Assert.Equal((3L, 0L), (space.Sizes.Locked, space.Resident.Anonymous));
        space.Release();
    }

    [Fact]
    public void Residency_counts_pages_in_tables_and_in_the_file_s_cache()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(2, 1);
        MapAt(space, s_base, 2);
        Map(space, new MapRequest
        {
            Address = s_base + 2 * Page,
            LengthBytes = 3 * Page,
            Rights = ReadOnly,
            Flags = MapFlags.Fixed,
            File = file,
        });
        Poke(s_base + Page, 1);
        byte[] pages = new byte[5];

        Assert.Equal(Errno.None, space.FindResident(s_base, pages));

        Assert.Equal(new byte[] { 0, 1, 1, 1, 0 }, pages);
        Assert.Equal(Errno.ENOMEM, space.FindResident(s_base, new byte[6]));
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void Synchronizing_checks_the_range()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(2, 1);
        UserAddress at = MapFile(space, file, 2, ReadWrite, MapFlags.Shared);

        Assert.Equal(Errno.None, space.Synchronize(at, 2 * Page, SyncFlags.Wait));
        Assert.Equal(Errno.ENOMEM, space.Synchronize(at, 3 * Page, SyncFlags.Wait));
        Assert.Equal(Errno.EINVAL, space.Synchronize(at + 1, Page, SyncFlags.Wait));
        Assert.Equal(Errno.None, space.Lock(at, Page, LockMode.Now, MapFlags.None));
        Assert.Equal(Errno.EBUSY, space.Synchronize(at, Page, SyncFlags.Invalidate));
        Assert.Equal(2, file.References);
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void Words_in_shared_memory_are_known_by_their_object()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(4, 1);
        UserAddress one = MapFile(space, file, 2, ReadWrite, MapFlags.Shared, firstPage: 1);
        UserAddress two = MapFile(space, file, 4, ReadWrite, MapFlags.Shared);
        UserAddress own = MapAnonymous(space, 1);

        Assert.True(space.TryIdentify(one + Page + 4, out PageSource? first, out long firstPage));
        Assert.True(space.TryIdentify(two + 2 * Page + 4, out PageSource? second, out long secondPage));
        Assert.Same(first, second);
        Assert.Equal((2L, 2L), (firstPage, secondPage));
        Assert.True(space.TryIdentify(own, out PageSource? none, out _));
        Assert.Null(none);
        Assert.False(space.TryIdentify(At(0x5000_0000), out _, out _));
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void Another_space_is_reached_as_its_program_could()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 2);
        MapAt(space, s_base + 2 * Page, 1, ReadOnly);
        AddressSpace other = NewSpace();
        byte[] text = new byte[Page + 100];
        Array.Fill(text, (byte)7);
        byte[] back = new byte[3 * Page];

        Assert.Equal(Page + 100, space.CopyOut(s_base + Page - 100, text.AsSpan()[..(Page + 100)]));
        Assert.Equal(Page - 50, space.CopyOut(s_base + Page + 50, text));
        Assert.Equal(3 * Page, space.CopyIn(back, s_base));
        Assert.Equal((0, 7, 7, 0), (back[0], back[Page - 100], back[2 * Page - 1], back[2 * Page]));
        Assert.Equal(2 * Page, space.CopyIn(back, s_base + Page));
        Assert.Equal(0, space.CopyIn(back, At(ulong.MaxValue)));
        Assert.Equal(0, space.CopyOut(At(UserAddress.LimitValue), text));
        other.Release();
        space.Release();
    }
}
