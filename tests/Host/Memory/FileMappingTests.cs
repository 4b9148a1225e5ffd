using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Memory;
using Xunit;

namespace Cashew.Host.Memory;

// Mappings of files, and their agreement with read and write.
public sealed class FileMappingTests : MemoryTest
{
    [Fact]
    public void Shared_mappings_reads_and_writes_agree()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(3, 1);
        UserAddress at = MapFile(space, file, 3, ReadWrite, MapFlags.Shared);

        Poke(at + Page, 2);
        Assert.Equal(2, file[Page]);
        file[2 * Page] = 3;
        Assert.Equal(3, Peek(at + 2 * Page));
        Assert.Equal(3, space.Resident.File);
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void A_private_copy_is_the_mapping_s_own()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(2, 1);
        UserAddress own = MapFile(space, file, 2, ReadWrite, MapFlags.None);
        UserAddress shared = MapFile(space, file, 2, ReadWrite, MapFlags.Shared);

        Peek(own);
        Poke(own, 2);
        Poke(own + Page, 3);
        Poke(shared, 4);

        Assert.Equal((2, 3, 4, 1), (Peek(own), Peek(own + Page), file[0], file[Page]));
        Assert.Equal(2, space.Resident.Anonymous);
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void Offsets_and_parts_of_mappings_show_the_right_pages()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(8, 0);
        for (int i = 0; i < 8; i++) file[i * Page] = (byte)i;
        UserAddress at = MapFile(space, file, 6, ReadOnly, MapFlags.None, firstPage: 2);
        Assert.Equal(Errno.None, space.Unmap(at + Page, Page));
        Assert.Equal(Errno.None, space.Protect(at + 3 * Page, Page, ReadExecute));

        Assert.Equal((2, 4, 5, 7), (Peek(at), Peek(at + 2 * Page), Peek(at + 3 * Page), Peek(at + 5 * Page)));
        Assert.Equal(4, file.References);
        Assert.Equal(Errno.None, space.Protect(at + 3 * Page, Page, ReadOnly));
        Assert.Equal(2, file.References);
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void Past_the_end_of_the_file_is_a_bus_error_and_its_last_page_is_whole()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(new PageCache());
        file[10] = 5;
        UserAddress at = MapFile(space, file, 2, ReadWrite, MapFlags.Shared);

        Assert.Equal((5, 0), (Peek(at + 10), Peek(at + Page - 1)));
        Assert.False(CanPeek(at + Page));
        Assert.Equal(FaultResult.BusError, Faults.Last);
        file[Page] = 6;
        Assert.Equal(6, Peek(at + Page));
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void What_a_program_wrote_behind_the_end_does_not_show_when_the_file_grows()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(new PageCache());
        file[10] = 5;
        UserAddress at = MapFile(space, file, 1, ReadWrite, MapFlags.Shared);
        Poke(at + 20, 9);

        Assert.Equal(Errno.None, file.Pages.Truncate(100));

        Assert.Equal(0, file[20]);
        Poke(at + 200, 9);
        file[300] = 1;
        Assert.Equal(0, file[200]);
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void Truncation_takes_pages_and_private_copies_from_every_program()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(4, 1);
        UserAddress shared = MapFile(space, file, 4, ReadWrite, MapFlags.Shared);
        UserAddress own = MapFile(space, file, 4, ReadWrite, MapFlags.None);
        for (int i = 0; i < 4; i++)
        {
            Poke(shared + (ulong)i * Page, 2);
            Poke(own + (ulong)i * Page, 3);
        }

        AddressSpace child = Fork(space);
        Assert.Equal(Errno.None, file.Pages.Truncate(Page + 5));
        foreach (AddressSpace each in new[] { space, child })
        {
            Enter(each);
            Assert.Equal((2, 3), (Peek(shared), Peek(own)));
            Assert.Equal((2, 0), (Peek(shared + Page), Peek(shared + Page + 5)));
            Assert.False(CanPeek(shared + 2 * Page));
            Assert.False(TryPoke(own + 3 * Page, 1));
            Assert.Equal(FaultResult.BusError, Faults.Last);
        }

        Assert.Equal(Errno.None, file.Pages.Truncate(4 * Page));
        Assert.Equal((0, 0), (Peek(shared + 2 * Page), Peek(own + 3 * Page)));
        child.Release();
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void Neighbors_in_the_cache_are_mapped_by_one_fault()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(64, 1);
        UserAddress at = MapFile(space, file, 64, ReadOnly, MapFlags.None);
        int faults = 0;
        for (int i = 0; i < 64; i++)
        {
            int before = Faults.Count;
            Peek(at + (ulong)i * Page);
            faults += Faults.Count - before;
        }

        Assert.InRange(faults, 4, 5);
        Assert.Equal(64, space.Resident.File);
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void Random_access_maps_no_neighbors()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(8, 1);
        UserAddress at = MapFile(space, file, 8, ReadOnly, MapFlags.None);
        Assert.Equal(Errno.None, space.Advise(at, 8 * Page, MadviseAdvice.MADV_RANDOM));
        Peek(at);
        Assert.Equal(1, space.Resident.File);
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void Neighbors_stay_within_the_mapping_the_file_and_the_cache()
    {
        AddressSpace space = NewSpace();
        TestFiller filler = new(5 * Page);
        TestFile file = new(new PageCache(filler));
        // In one aligned run of 16 pages.
        UserAddress at = Map(space, new MapRequest
        {
            Address = new UserAddress(0x1000_0000),
            LengthBytes = 8 * Page,
            Rights = ReadOnly,
            Flags = MapFlags.FixedNoReplace,
            File = file,
        });
        UserAddress part = MapFile(space, file, 2, ReadOnly, MapFlags.None, firstPage: 1);
        _ = file[0];
        _ = file[2 * Page];

        Peek(at + Page);
        Assert.Equal((3, 3L), (filler.Fills, space.Resident.File));
        Peek(part);
        Assert.Equal(5, space.Resident.File);
        Assert.False(CanPeek(at + 5 * Page));
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void The_first_write_to_a_page_is_noticed_and_those_after_are_not()
    {
        AddressSpace space = NewSpace();
        NoticingCache cache = new();
        TestFile file = new(cache);
        file[2 * Page - 1] = 1;
        UserAddress at = MapFile(space, file, 2, ReadWrite, MapFlags.Shared);

        Peek(at);
        Assert.Equal(0, cache.Noticed);
        Poke(at, 1);
        Poke(at + 1, 1);
        Assert.Equal(1, cache.Noticed);
        Poke(at + Page, 1);
        Assert.Equal(2, cache.Noticed);
        cache.WriteProtectMappings(0, 1);
        Poke(at, 2);
        Poke(at + Page, 2);
        Assert.Equal(3, cache.Noticed);
        space.Release();
        cache.Close();
    }

    [Fact]
    public void Shared_memory_costs_one_fault_a_page_even_when_read_first()
    {
        AddressSpace space = NewSpace();
        UserAddress at = Map(space, new MapRequest { LengthBytes = Page, Rights = ReadWrite, Flags = MapFlags.Shared });
        Peek(at);
        int before = Faults.Count;
        Poke(at, 1);
        Assert.Equal(before, Faults.Count);
        space.Release();
    }

    [Fact]
    public void A_lent_page_is_replaced_in_all_mappings_by_the_first_write()
    {
        AddressSpace space = NewSpace();
        TestFiller filler = new(Page);
        filler.Lend(0);
        TestFile file = new(new PageCache(filler));
        UserAddress shared = MapFile(space, file, 1, ReadWrite, MapFlags.Shared);
        UserAddress own = MapFile(space, file, 1, ReadWrite, MapFlags.None);
        UserAddress copied = MapFile(space, file, 1, ReadWrite, MapFlags.None);
        int frames = Simulation.CountFrames(FrameKind.Data);
        Assert.Equal((1, 1), (Peek(shared), Peek(own)));
        Assert.Equal(frames, Simulation.CountFrames(FrameKind.Data));
        Poke(copied, 7);

        Poke(shared, 2);

        Assert.Equal((2, 2, 7, 1), (Peek(own), file[0], Peek(copied), filler.Original(0)));
        file[1] = 3;
        Assert.Equal((3, 3), (Peek(shared + 1), Peek(own + 1)));
        space.Release();
        file.Pages.Close();
        filler.Release();
    }

    [Fact]
    public void Unreadable_pages_are_bus_errors()
    {
        AddressSpace space = NewSpace();
        TestFiller filler = new(2 * Page);
        filler.BadPages.Add(0);
        TestFile file = new(new PageCache(filler));
        UserAddress at = MapFile(space, file, 2, ReadWrite, MapFlags.None);

        Assert.False(CanPeek(at));
        Assert.Equal(FaultResult.BusError, Faults.Last);
        Assert.False(TryPoke(at, 1));
        Assert.Equal(FaultResult.BusError, Faults.Last);
        Assert.True(CanPeek(at + Page));
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void A_write_that_exceeds_the_file_system_is_a_bus_error()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(new PageCache(null, new TestBudget(1)));
        Assert.Equal(Errno.None, file.Pages.Truncate(2 * Page));
        UserAddress at = MapFile(space, file, 2, ReadWrite, MapFlags.Shared);

        Poke(at, 1);
        Assert.False(TryPoke(at + Page, 1));
        Assert.Equal(FaultResult.BusError, Faults.Last);
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void A_file_written_from_a_mapping_of_itself_does_not_lock_up()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(4, 0);
        for (int i = 0; i < 4; i++) file[i * Page] = (byte)(i + 1);
        UserAddress at = MapFile(space, file, 4, ReadWrite, MapFlags.Shared);

        // Page 1 onto page 2, page 3 onto itself, and a hole beyond the end from page 0.
        UserSource source = new(at + Page, Page);
        Assert.Equal(Page, file.Pages.Write(2 * Page, ref source).Count);
        source = new UserSource(at + 3 * Page, Page);
        Assert.Equal(Page, file.Pages.Write(3 * Page, ref source).Count);
        source = new UserSource(at, Page);
        Assert.Equal(Page, file.Pages.Write(6 * Page, ref source).Count);

        Assert.Equal((2, 4, 0, 1), (file[2 * Page], file[3 * Page], file[5 * Page], file[6 * Page]));
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void A_page_that_a_write_makes_may_be_brought_in_by_the_fault_on_its_source()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(new PageCache());
        Assert.Equal(Errno.None, file.Pages.Truncate(2 * Page));
        UserAddress at = MapFile(space, file, 2, ReadWrite, MapFlags.Shared);

        // Whole page 0, which is a hole, from page 0 itself; then from page 1 into page 0.
        UserSource source = new(at, Page);
        Assert.Equal(Page, file.Pages.Write(0, ref source).Count);
        Poke(at + Page, 5);
        source = new UserSource(at + Page, Page);
        Assert.Equal(Page, file.Pages.Write(0, ref source).Count);

        Assert.Equal((5, 5), (file[0], Peek(at)));
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void A_file_read_into_a_mapping_of_itself_does_not_lock_up()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(3, 7);
        file[0] = 1;
        UserAddress shared = MapFile(space, file, 3, ReadWrite, MapFlags.Shared);
        UserAddress own = MapFile(space, file, 3, ReadWrite, MapFlags.None);

        UserDestination destination = new(shared + Page, Page);
        Assert.Equal(Page, file.Pages.Read(0, ref destination).Count);
        destination = new UserDestination(own + 2 * Page, Page);
        Assert.Equal(Page, file.Pages.Read(0, ref destination).Count);

        Assert.Equal((1, 1, 7), (file[Page], Peek(own + 2 * Page), file[2 * Page]));
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void The_fault_path_allocates_no_objects()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(16, 1);
        UserAddress own = MapFile(space, file, 16, ReadWrite, MapFlags.None);
        UserAddress memory = MapAnonymous(space, 16);
        UseAllFrames();
        TouchAll(space, memory, own);
        Assert.Equal(Errno.None, space.Advise(memory, 32 * Page, MadviseAdvice.MADV_DONTNEED));
        long before = GC.GetAllocatedBytesForCurrentThread();
        space.Table.Flush(memory, memory + Page);
        long flush = GC.GetAllocatedBytesForCurrentThread() - before;
        before = GC.GetAllocatedBytesForCurrentThread();

        TouchAll(space, memory, own);

        // The simulated flush makes a list; there is one for each of the 32 copies.
        Assert.Equal(before + 32 * flush, GC.GetAllocatedBytesForCurrentThread());
        space.Release();
        file.Pages.Close();
    }

    /// <summary>The simulation makes a frame's bytes when it is used for the first time.</summary>
    private static void UseAllFrames()
    {
        Frame[] frames = new Frame[Frame.FreeCount];
        for (int i = 0; i < frames.Length; i++) Assert.True(Frame.TryAllocate(out frames[i]));
        foreach (Frame frame in frames) frame.Release();
    }

    private static void TouchAll(AddressSpace space, UserAddress memory, UserAddress file)
    {
        for (int i = 0; i < 16; i++)
        {
            ulong offset = (ulong)i * Page;
            FaultResult result = space.HandleFault(memory + offset, FaultAccess.Read)
                | space.HandleFault(memory + offset, FaultAccess.Write | FaultAccess.Present)
                | space.HandleFault(file + offset, FaultAccess.Read)
                | space.HandleFault(file + offset, FaultAccess.Write | FaultAccess.Present);
            if (result != FaultResult.Handled) Assert.Fail("a page was not brought in");
        }
    }

    private sealed class NoticingCache : PageCache
    {
        internal int Noticed { get; private set; }

        public override bool NeedsNoWriteNotice => false;

        public override void PageDirtied(long pageIndex) => Noticed++;
    }
}
