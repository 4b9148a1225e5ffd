using System;
using System.Collections.Generic;
using System.Linq;
using Cashew.Machine;
using Cashew.Memory;
using Xunit;

namespace Cashew.Host.Memory;

public sealed class PageTreeTests : MemoryTest
{
    private PageTree _tree;

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Tree_agrees_with_a_sorted_dictionary(int seed)
    {
        Random random = new(seed);
        SortedDictionary<long, Frame> model = [];
        for (int step = 0; step < 1500; step++)
        {
            long page = RandomPage(random);
            if (random.Next(20) == 0) TakeRange(random, model, page);
            else if (!model.ContainsKey(page)) model.Add(page, Insert(page, PageState.Dirty));
            CheckAround(model, page);
        }

        TakeRange(model, 0, long.MaxValue);
        Assert.Empty(model);
        Assert.Equal(-1, _tree.FindPresent(0));
    }

    [Fact]
    public void The_highest_page_of_the_largest_file_can_be_entered()
    {
        long highest = long.MaxValue / Page;
        Frame frame = Insert(highest, PageState.Clean);

        Assert.True(_tree.TryFind(highest, out PageSlot slot));
        Assert.Equal(frame, slot.Frame);
        Assert.Equal(highest, _tree.FindPresent(1));
        TakeRange(new SortedDictionary<long, Frame> { [highest] = frame }, 0, long.MaxValue);
    }

    [Fact]
    public void Only_clean_pages_that_nobody_holds_are_taken_by_the_filter()
    {
        Frame clean = Insert(1, PageState.Clean);
        Insert(2, PageState.Dirty);
        Frame held = Insert(3, PageState.Clean);
        held.Retain();
        long dirty = 0;
        Span<Frame> frames = stackalloc Frame[8];

        int count = _tree.Take(0, 10, TakeFilter.CleanAndUnused, frames, ref dirty);

        Assert.Equal(1, count);
        Assert.Equal(clean, frames[0]);
        Assert.Equal(0, dirty);
        clean.Release();
        held.Release();
        count = _tree.Take(0, 10, TakeFilter.All, frames, ref dirty);
        Assert.Equal(2, count);
        Assert.Equal(1, dirty);
        frames[0].Release();
        frames[1].Release();
    }

    public static IEnumerable<TheoryDataRow<int>> Seeds() => Enumerable.Range(1, 12).Select(seed => new TheoryDataRow<int>(seed));

    private static long RandomPage(Random random) => random.Next(6) switch
    {
        0 => random.Next(8),
        1 => random.Next(64),
        2 => random.Next(70, 5000),
        3 => 1L << random.Next(6, 51),
        4 => (1L << random.Next(6, 51)) - 1,
        _ => random.Next(300),
    };

    private Frame Insert(long page, PageState state)
    {
        Assert.True(Frame.TryAllocate(out Frame frame));
        PageNode? spare = null;
        int nodes = 0;
        while (!_tree.TryInsert(page, frame, state, ref spare, out NodeKind needed))
        {
            Assert.InRange(++nodes, 1, 20);
            spare = PageNode.Create(needed);
        }

        Assert.Null(spare);
        return frame;
    }

    private void TakeRange(Random random, SortedDictionary<long, Frame> model, long page)
    {
        long end = random.Next(3) == 0 ? long.MaxValue : page + random.Next(200);
        TakeRange(model, page, end);
    }

    private void TakeRange(SortedDictionary<long, Frame> model, long first, long end)
    {
        Span<Frame> frames = stackalloc Frame[7];
        List<Frame> taken = [];
        long dirty = 0;
        int count;
        while ((count = _tree.Take(first, end, TakeFilter.All, frames, ref dirty)) != 0)
        {
            foreach (Frame frame in frames[..count]) taken.Add(frame);
        }

        long[] expected = model.Keys.Where(page => page >= first && page < end).ToArray();
        Assert.Equal(expected.Select(page => model[page]), taken);
        foreach (long page in expected) model.Remove(page);
        foreach (Frame frame in taken) frame.Release();
    }

    private void CheckAround(SortedDictionary<long, Frame> model, long page)
    {
        bool isFound = _tree.TryFind(page, out PageSlot slot);
        Assert.Equal(model.ContainsKey(page), isFound);
        if (isFound) Assert.Equal(model[page], slot.Frame);

        long present = model.Keys.FirstOrDefault(key => key >= page, -1);
        Assert.Equal(present, _tree.FindPresent(page));
        long absent = page;
        while (model.ContainsKey(absent)) absent++;
        Assert.Equal(absent, _tree.FindAbsent(page));
    }
}
