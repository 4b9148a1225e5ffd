using System;
using System.Collections.Generic;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Xunit;

namespace Cashew.Host.Machine;

public sealed class PageTableTests
{
    private static readonly UserAddress s_page = new(0x40_0000);

    private readonly Simulation _machine = Simulation.Reset();
    private readonly PageTable _table;

    public PageTableTests()
    {
        Assert.True(PageTable.TryCreate(out PageTable? table));
        _table = table;
        _table.Activate();
    }

    [Fact]
    public void The_cursor_visits_present_pages_in_order_across_tables()
    {
        UserAddress[] pages = [new(0x1000), new(0x1F_F000), new(0x20_0000), new(0x4000_0000), new(0x7FFF_FFFF_E000)];
        foreach (UserAddress page in pages)
        {
            Assert.True(_table.TryMap(page, Frame.Zero, PageRights.Read));
        }

        List<UserAddress> seen = [];
        PageCursor cursor = _table.Pages(default, UserAddress.Limit);
        while (cursor.MoveNext())
        {
            seen.Add(cursor.Address);
        }

        Assert.Equal(pages, seen);
    }

    [Fact]
    public void A_page_without_rights_is_present_and_cannot_be_touched()
    {
        Assert.True(_table.TryMap(s_page, Frame.Zero, PageRights.None));

        Assert.True(_table.Lookup(s_page).IsPresent);
        Assert.False(UserMemory.TryRead(s_page, out int _));
    }

    [Fact]
    public void A_translation_is_remembered_until_it_is_flushed()
    {
        Frame frame = Map(PageRights.Read | PageRights.Write);
        Assert.True(UserMemory.TryWrite(s_page, 1));
        PageCursor cursor = _table.Pages(s_page, s_page + 1);
        Assert.True(cursor.MoveNext());

        cursor.SetRights(PageRights.Read);
        Assert.True(UserMemory.TryWrite(s_page, 2));

        _table.Flush(s_page, s_page + 1);
        Assert.False(UserMemory.TryWrite(s_page, 3));
        Assert.Equal(2, frame.Bytes[0]);
    }

    [Fact]
    public void Releasing_a_frame_before_the_flush_is_found_out()
    {
        Frame frame = Map(PageRights.Read);
        Assert.True(UserMemory.TryRead(s_page, out int _));
        PageCursor cursor = _table.Pages(s_page, s_page + 1);
        Assert.True(cursor.MoveNext());
        cursor.Clear();
        frame.Release();

        Assert.Throws<SimulationFailure>(() => UserMemory.TryRead(s_page, out int _));
    }

    [Fact]
    public void Access_is_noted_in_the_entry()
    {
        Map(PageRights.Read | PageRights.Write);
        Assert.False(_table.Lookup(s_page).IsAccessed);

        Assert.True(UserMemory.TryRead(s_page, out int _));
        Assert.True(_table.Lookup(s_page) is { IsAccessed: true, IsDirty: false });

        Assert.True(UserMemory.TryWrite(s_page, 1));
        Assert.True(_table.Lookup(s_page).IsDirty);
    }

    [Fact]
    public void A_copy_stops_at_the_first_bad_page()
    {
        Map(PageRights.Read | PageRights.Write);
        Span<byte> bytes = new byte[100];

        Assert.Equal(60, UserMemory.CopyOut(s_page + 4036, bytes));
        Assert.Equal(60, UserMemory.CopyIn(bytes, s_page + 4036));
        Assert.Equal(60, UserMemory.Clear(s_page + 4036, 100));
        Assert.Equal(0, UserMemory.CopyIn(bytes, new UserAddress(ulong.MaxValue - 10)));
    }

    [Fact]
    public void A_string_ends_at_its_NUL_or_at_a_bad_page()
    {
        Frame frame = Map(PageRights.Read);
        "hello\0"u8.CopyTo(frame.Bytes);
        Span<byte> bytes = new byte[10];

        Assert.Equal(5, UserMemory.CopyInString(bytes, s_page));
        Assert.Equal(3, UserMemory.CopyInString(bytes[..3], s_page));
        Assert.Equal(-1, UserMemory.CopyInString(bytes, s_page + 4090));
    }

    [Fact]
    public void Releasing_a_table_gives_its_frames_back()
    {
        Map(PageRights.Read).Release();
        Assert.Equal(4, _machine.CountFrames(FrameKind.PageTable));

        _table.Release();

        Assert.Equal(0, _machine.CountFrames(FrameKind.PageTable));
        Assert.Throws<SimulationFailure>(() => _table.Lookup(s_page));
    }

    private Frame Map(PageRights rights)
    {
        Assert.True(Frame.TryAllocate(out Frame frame));
        Assert.True(_table.TryMap(s_page, frame, rights));
        return frame;
    }
}
