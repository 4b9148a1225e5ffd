using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;
using Xunit;

namespace Cashew.Host.Memory;

// What a debugger may do to a program: ptrace(2), PTRACE_PEEKDATA and POKEDATA.
public sealed class RemoteTests : MemoryTest
{
    private static readonly UserAddress s_base = new(0x1000_0000);

    [Fact]
    public void Text_of_a_file_is_copied_before_it_is_written_and_stays_read_only()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(2, 7);
        UserAddress text = MapFile(space, file, 2, ReadExecute, MapFlags.None);
        Assert.Equal(7, Peek(text));

        Assert.Equal(1, space.CopyOutForced(text + 3, [0xCC]));
        Assert.Equal(1, space.CopyOutForced(text + Page, [0xCD]));

        Assert.Equal((0xCC, 0xCD), (Peek(text + 3), Peek(text + Page)));
        Assert.Equal(7, file[3]);
        Assert.False(TryPoke(text, 1));
        Assert.Equal(2, space.Resident.Anonymous);
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void What_the_program_may_not_touch_is_read_and_written()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 2, PageRights.None);
        byte[] read = [9, 9];

        Assert.Equal(2, space.CopyInForced(read, s_base + Page - 1));
        Assert.Equal(new byte[] { 0, 0 }, read);
        Assert.Equal(2, space.CopyOutForced(s_base + Page - 1, [1, 2]));
        Assert.Equal(2, space.CopyInForced(read, s_base + Page - 1));

        Assert.Equal(new byte[] { 1, 2 }, read);
        Assert.False(CanPeek(s_base));
        Assert.Equal(Errno.None, space.Protect(s_base, 2 * Page, ReadOnly));
        Assert.Equal(2, Peek(s_base + Page));
        space.Release();
    }

    [Fact]
    public void Shared_memory_is_written_only_where_the_program_may()
    {
        AddressSpace space = NewSpace();
        TestFile file = new(1, 7);
        UserAddress readable = MapFile(space, file, 1, ReadOnly, MapFlags.Shared);
        UserAddress writable = MapFile(space, file, 1, ReadWrite, MapFlags.Shared);

        Assert.Equal(0, space.CopyOutForced(readable, [1]));
        Assert.Equal(1, space.CopyOutForced(writable, [2]));

        Assert.Equal(2, file[0]);
        Assert.Equal(2, Peek(readable));
        space.Release();
        file.Pages.Close();
    }

    [Fact]
    public void The_other_side_of_a_fork_does_not_see_it()
    {
        AddressSpace parent = NewSpace();
        MapAt(parent, s_base, 1);
        Poke(s_base, 1);
        AddressSpace child = Fork(parent);
        Assert.Equal(Errno.None, child.Protect(s_base, Page, ReadOnly));

        Assert.Equal(1, child.CopyOutForced(s_base, [2]));

        Assert.Equal(1, Peek(s_base));
        Enter(child);
        Assert.Equal(2, Peek(s_base));
        child.Release();
        parent.Release();
    }

    [Fact]
    public void It_ends_where_nothing_is_mapped()
    {
        AddressSpace space = NewSpace();
        MapAt(space, s_base, 1);
        Span<byte> buffer = stackalloc byte[2 * Page];

        Assert.Equal(Page, space.CopyInForced(buffer, s_base));
        Assert.Equal(Page, space.CopyOutForced(s_base, buffer));
        Assert.Equal(0, space.CopyInForced(buffer, s_base + Page));
        Assert.Equal(0, space.CopyInForced(buffer, new UserAddress(UserAddress.LimitValue)));
        Assert.Equal(0, space.CopyOutForced(new UserAddress(ulong.MaxValue), buffer));
        space.Release();
    }
}
