using Cashew.Abi;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Memory;
using Xunit;

namespace Cashew.Host.Memory;

// fork(2): copies are made when needed and not before.
public sealed class ForkTests : MemoryTest
{
    private static readonly UserAddress s_base = new(0x1000_0000);

    [Fact]
    public void Parent_and_child_do_not_see_each_other_s_writes()
    {
        AddressSpace parent = NewSpace();
        MapAt(parent, s_base, 3);
        Poke(s_base, 1);
        Poke(s_base + Page, 1);
        AddressSpace child = Fork(parent);

        Poke(s_base, 2);
        Enter(child);
        Poke(s_base + Page, 3);
        Poke(s_base + 2 * Page, 4);

        Assert.Equal(1, Peek(s_base));
        Enter(parent);
        Assert.Equal((2, 1, 0), (Peek(s_base), Peek(s_base + Page), Peek(s_base + 2 * Page)));
        child.Release();
        parent.Release();
    }

    [Fact]
    public void Fork_takes_no_frames_for_pages()
    {
        AddressSpace parent = NewSpace();
        MapAt(parent, s_base, 200);
        for (int i = 0; i < 200; i++) Poke(s_base + (ulong)i * Page, 1);
        int before = Simulation.CountFrames(FrameKind.Data);

        AddressSpace child = Fork(parent);

        Assert.Equal(before, Simulation.CountFrames(FrameKind.Data));
        Assert.Equal(200, child.Resident.Anonymous);
        child.Release();
        parent.Release();
    }

    [Fact]
    public void The_last_owner_of_a_page_writes_it_in_place()
    {
        AddressSpace parent = NewSpace();
        MapAt(parent, s_base, 1);
        Poke(s_base, 1);
        AddressSpace child = Fork(parent);
        child.Release();
        int before = Simulation.CountFrames(FrameKind.Data);
        long attempts = Simulation.FrameAllocationAttempts;

        Poke(s_base, 2);

        Assert.Equal(before, Simulation.CountFrames(FrameKind.Data));
        Assert.Equal(attempts, Simulation.FrameAllocationAttempts);
        parent.Release();
    }

    [Fact]
    public void A_grandchild_sees_what_was_there_when_it_was_made()
    {
        AddressSpace parent = NewSpace();
        MapAt(parent, s_base, 1);
        Poke(s_base, 1);
        AddressSpace child = Fork(parent);
        Enter(child);
        Poke(s_base, 2);
        AddressSpace grandchild = Fork(child);
        Poke(s_base, 3);
        child.Release();
        Enter(parent);
        Poke(s_base, 4);
        Enter(grandchild);

        Assert.Equal(2, Peek(s_base));
        grandchild.Release();
        parent.Release();
    }

    [Fact]
    public void Shared_memory_stays_shared_and_goes_with_the_last_mapping()
    {
        AddressSpace parent = NewSpace();
        UserAddress at = Map(parent, new MapRequest
        {
            LengthBytes = 3 * Page,
            Rights = ReadWrite,
            Flags = MapFlags.Shared,
        });
        Poke(at, 1);
        AddressSpace child = Fork(parent);
        Poke(at + Page, 2);
        Enter(child);

        Assert.Equal((1, 2), (Peek(at), Peek(at + Page)));
        Poke(at, 3);
        parent.Release();
        Assert.Equal(3, Peek(at));
        Assert.Equal(0, Peek(at + 2 * Page));
        Assert.Equal(3, child.Resident.SharedMemory);
        child.Release();
    }

    [Fact]
    public void Pages_of_files_are_shared_and_copies_are_not()
    {
        AddressSpace parent = NewSpace();
        TestFile file = new(3, 5);
        UserAddress at = MapFile(parent, file, 3, ReadWrite, MapFlags.None);
        Poke(at, 6);
        Peek(at + Page);
        AddressSpace child = Fork(parent);
        Enter(child);
        file[Page] = 7;
        Poke(at, 8);

        Assert.Equal((8, 7), (Peek(at), Peek(at + Page)));
        Enter(parent);
        Assert.Equal((6, 7), (Peek(at), Peek(at + Page)));
        Assert.Equal(2, file.References);
        child.Release();
        parent.Release();
        Assert.Equal(0, file.References);
        file.Pages.Close();
    }

    [Fact]
    public void Advice_about_fork_is_followed()
    {
        AddressSpace parent = NewSpace();
        MapAt(parent, s_base, 6);
        for (int i = 0; i < 6; i++) Poke(s_base + (ulong)i * Page, 1);
        Assert.Equal(Errno.None, parent.Advise(s_base + Page, Page, MadviseAdvice.MADV_DONTFORK));
        Assert.Equal(Errno.None, parent.Advise(s_base + 3 * Page, Page, MadviseAdvice.MADV_WIPEONFORK));
        AddressSpace child = Fork(parent);
        Enter(child);

        Assert.False(CanPeek(s_base + Page));
        Assert.Equal(0, Peek(s_base + 3 * Page));
        Assert.Equal(1, Peek(s_base + 4 * Page));
        Assert.Equal(5, child.Sizes.Total);
        child.Release();
        parent.Release();
    }

    [Fact]
    public void The_child_inherits_break_limits_and_areas_but_no_locks()
    {
        AddressSpace parent = NewSpace();
        parent.InitializeBreak(s_base);
        parent.SetBreak(s_base + 2 * Page);
        parent.Limits.StackBytes = 12345;
        parent.Areas.CodeStart = s_base;
        MapAt(parent, s_base + 8 * Page, 2);
        Assert.Equal(Errno.None, parent.Lock(s_base + 8 * Page, Page, LockMode.Now, MapFlags.None));
        AddressSpace child = Fork(parent);

        Assert.Equal(s_base + 2 * Page, child.Break);
        Assert.Equal(s_base, child.BreakStart);
        Assert.Equal(12345ul, child.Limits.StackBytes);
        Assert.Equal(s_base, child.Areas.CodeStart);
        Assert.Equal((1L, 0L), (parent.Sizes.Locked, child.Sizes.Locked));
        child.Release();
        parent.Release();
    }

    [Fact]
    public void Retained_spaces_outlive_their_first_owner()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 1);
        Poke(s_base, 1);
        space.Retain();
        space.Release();

        Assert.Equal(1, Peek(s_base));
        space.Release();
    }
}
