using System;
using System.Collections.Generic;
using System.Linq;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Memory;
using Xunit;

namespace Cashew.Host.Memory;

// The contents of files: reading, writing, cutting, holes, lazy filling, budgets.
public sealed class PageCacheTests : MemoryTest
{
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Contents_agree_with_an_array_of_bytes(int seed)
    {
        Random random = new(seed);
        bool isFilled = seed % 3 == 0;
        TestFiller filler = new(random.Next(1, 12 * Page));
        PageCache cache = isFilled ? new PageCache(filler) : new PageCache();
        if (isFilled) filler.Lend(1);
        List<byte> model = [];
        for (int i = 0; i < cache.LengthBytes; i++) model.Add((byte)(i / Page + 1));
        for (int step = 0; step < 250; step++)
        {
            Mutate(random, cache, model);
            Assert.Equal(model.Count, cache.LengthBytes);
            int offset = random.Next(model.Count + Page);
            CheckRead(cache, model, offset, random.Next(5 * Page));
        }

        CheckRead(cache, model, 0, model.Count);
        if (isFilled) Assert.Equal(2, filler.Original(1));
        cache.Close();
        filler.Release();
    }

    [Fact]
    public void A_hole_reads_as_zeros_and_takes_no_frame()
    {
        PageCache cache = new();
        Assert.Equal(Errno.None, cache.Truncate(1L << 40));
        Assert.Equal(1, Write(cache, (1L << 40) - 1, [5]));
        byte[] bytes = new byte[3 * Page];
        Array.Fill(bytes, (byte)1);

        Assert.Equal(bytes.Length, Read(cache, 1L << 30, bytes));

        Assert.All(bytes, value => Assert.Equal(0, value));
        Assert.Equal(1, cache.PageCount);
        cache.Close();
    }

    [Fact]
    public void Reading_at_or_past_the_end_returns_zero()
    {
        PageCache cache = new();
        Write(cache, 0, new byte[10]);
        Assert.Equal(0, Read(cache, 10, new byte[5]));
        Assert.Equal(0, Read(cache, 1L << 50, new byte[5]));
        Assert.Equal(3, Read(cache, 7, new byte[5]));
        cache.Close();
    }

    [Fact]
    public void Pages_are_filled_once_and_only_when_wanted()
    {
        TestFiller filler = new(10 * Page);
        PageCache cache = new(filler);
        byte[] bytes = new byte[2 * Page];

        Assert.Equal(2 * Page, Read(cache, 4 * Page, bytes));
        Assert.Equal((5, 6, 2), (bytes[0], bytes[Page], filler.Fills));
        Read(cache, 4 * Page, bytes);
        Assert.Equal(2, filler.Fills);
        cache.Close();
    }

    [Fact]
    public void A_page_that_is_written_as_a_whole_is_not_filled()
    {
        TestFiller filler = new(4 * Page);
        PageCache cache = new(filler);
        Write(cache, Page, new byte[2 * Page]);
        Assert.Equal(0, filler.Fills);
        Write(cache, 1, [1]);
        Assert.Equal(1, filler.Fills);
        cache.Close();
    }

    [Fact]
    public void A_page_that_cannot_be_read_is_an_error_or_a_short_count()
    {
        TestFiller filler = new(4 * Page);
        filler.BadPages.Add(2);
        PageCache cache = new(filler);

        Assert.Equal(2 * Page, Read(cache, 0, new byte[4 * Page]));
        Assert.Equal(-(int)Errno.EIO, Read(cache, 2 * Page, new byte[10]));
        Assert.Equal(-(int)Errno.EIO, Write(cache, 2 * Page, [1]));
        Assert.Equal(Page, Read(cache, 3 * Page, new byte[Page]));
        cache.Close();
    }

    [Fact]
    public void What_was_cut_off_does_not_come_back_from_the_filler()
    {
        PageCache cache = new(new TestFiller(4 * Page));
        Assert.Equal(Errno.None, cache.Truncate(Page + 10));
        Assert.Equal(Errno.None, cache.Truncate(4 * Page));
        byte[] bytes = new byte[4 * Page];

        Read(cache, 0, bytes);

        Assert.Equal((1, 2, 0, 0), (bytes[Page - 1], bytes[Page + 9], bytes[Page + 10], bytes[3 * Page]));
        cache.Close();
    }

    [Fact]
    public void A_lent_page_is_shared_until_it_is_written()
    {
        TestFiller filler = new(2 * Page);
        filler.Lend(0);
        PageCache cache = new(filler);
        int before = Simulation.CountFrames(FrameKind.Data);

        Assert.Equal(1, Read(cache, 5, new byte[1]));
        Assert.Equal(before, Simulation.CountFrames(FrameKind.Data));
        Write(cache, 5, [9]);

        Assert.Equal(1, filler.Original(0));
        byte[] bytes = new byte[2];
        Read(cache, 5, bytes);
        Assert.Equal(new byte[] { 9, 1 }, bytes);
        cache.Close();
        filler.Release();
    }

    [Fact]
    public void A_budget_is_kept_and_given_back()
    {
        TestBudget budget = new(3);
        PageCache cache = new(null, budget);

        Assert.Equal(3 * Page, Write(cache, 0, new byte[5 * Page]));
        Assert.Equal(-(int)Errno.ENOSPC, Write(cache, 3 * Page, [1]));
        Assert.Equal((3L * Page, 3L, 3L), (cache.LengthBytes, cache.PageCount, budget.Charged));
        Assert.Equal(1, Write(cache, 100, [1]));
        Assert.Equal(Errno.None, cache.Truncate(Page));
        Assert.Equal(1, budget.Charged);
        Assert.Equal(1, Write(cache, 10 * Page + 5, [1]));
        cache.Close();
        Assert.Equal(0, budget.Charged);
    }

    [Fact]
    public void Pages_of_an_archive_are_charged_when_they_are_written()
    {
        TestBudget budget = new(1);
        PageCache cache = new(new TestFiller(3 * Page), budget);

        Assert.Equal(3 * Page, Read(cache, 0, new byte[3 * Page]));
        Assert.Equal(0, budget.Charged);
        Assert.Equal(1, Write(cache, 0, [1]));
        Assert.Equal(-(int)Errno.ENOSPC, Write(cache, Page, [1]));
        Assert.Equal(1, budget.Charged);
        cache.Close();
        Assert.Equal(0, budget.Charged);
    }

    [Fact]
    public void Appending_goes_to_the_end()
    {
        PageCache cache = new();
        Write(cache, 0, [1, 2, 3]);
        UserSource source = new(new byte[] { 4, 5 });

        Assert.Equal(2, cache.Append(ref source, out long offset).Count);

        Assert.Equal((3L, 5L), (offset, cache.LengthBytes));
        cache.Close();
    }

    [Fact]
    public void A_hole_can_be_punched_anywhere()
    {
        PageCache cache = new(new TestFiller(3 * Page));
        Write(cache, 0, Enumerable.Repeat((byte)7, 6 * Page).ToArray());
        Assert.Equal(Errno.None, cache.PunchHole(Page - 1, 4 * Page + 2));
        byte[] bytes = new byte[6 * Page];
        Read(cache, 0, bytes);

        Assert.Equal((7, 0, 0, 7), (bytes[Page - 2], bytes[Page - 1], bytes[5 * Page], bytes[5 * Page + 1]));
        Assert.Equal(6 * Page, cache.LengthBytes);
        // Three pages must stay to hide what the archive has; two are gone.
        Assert.Equal(4, cache.PageCount);
        cache.Close();
    }

    [Fact]
    public void Data_and_holes_are_found()
    {
        PageCache cache = new();
        Assert.Equal(Errno.None, cache.Truncate(10 * Page + 5));
        Write(cache, 2 * Page + 7, [1]);
        Write(cache, 3 * Page, [1]);
        Write(cache, 10 * Page, [1]);

        Assert.Equal(2 * Page, cache.FindData(0));
        Assert.Equal(2 * Page + 9, cache.FindData(2 * Page + 9));
        Assert.Equal(10 * Page, cache.FindData(4 * Page));
        Assert.Equal(-1, cache.FindData(10 * Page + 5));
        Assert.Equal(0, cache.FindHole(0));
        Assert.Equal(4 * Page, cache.FindHole(2 * Page));
        Assert.Equal(10 * Page + 5, cache.FindHole(10 * Page));
        Assert.Equal(5 * Page + 1, cache.FindHole(5 * Page + 1));
        cache.Close();
    }

    [Fact]
    public void What_the_filler_has_is_data()
    {
        PageCache cache = new(new TestFiller(2 * Page + 1));
        Assert.Equal(Errno.None, cache.Truncate(5 * Page));

        Assert.Equal(Page + 1, cache.FindData(Page + 1));
        Assert.Equal(3 * Page, cache.FindHole(0));
        Assert.Equal(-1, cache.FindData(3 * Page));
        cache.Close();
    }

    [Fact]
    public void Reserved_room_reads_as_zeros_and_keeps_the_length()
    {
        TestBudget budget = new(4);
        PageCache cache = new(null, budget);
        Assert.Equal(Errno.None, cache.Reserve(100, 3 * Page));
        Assert.Equal((0L, 4L), (cache.LengthBytes, cache.PageCount));
        Assert.Equal(Errno.ENOSPC, cache.Reserve(0, 5 * Page));
        Assert.Equal(Errno.None, cache.Truncate(0));
        Assert.Equal(0, budget.Charged);
        cache.Close();
    }

    [Fact]
    public void Clean_pages_are_dropped_when_memory_is_short()
    {
        TestFiller filler = new(100 * Page);
        PageCache cache = new(filler);
        Read(cache, 0, new byte[100 * Page]);
        Write(cache, 0, [9]);

        Assert.True(MemoryPressure.TryRelieve());

        Assert.Equal(100 - 64, cache.PageCount);
        byte[] bytes = new byte[100 * Page];
        Assert.Equal(bytes.Length, Read(cache, 0, bytes));
        Assert.Equal((9, 1, 100), (bytes[0], bytes[1], bytes[99 * Page]));
        cache.Close();
        Assert.False(MemoryPressure.TryRelieve());
    }

    [Fact]
    public void A_file_larger_than_memory_can_be_read_through()
    {
        long pages = Frame.TotalCount + 500;
        PageCache cache = new(new TestFiller(pages * Page));
        byte[] bytes = new byte[16 * Page];

        for (long page = 0; page + 16 <= pages; page += 16)
        {
            Assert.Equal(bytes.Length, Read(cache, page * Page, bytes));
            Assert.Equal((byte)(page + 16), bytes[^1]);
        }

        Assert.True(Frame.FreeCount >= KernelObjects.ReservedFrames);
        cache.Close();
    }

    [Fact]
    public void When_all_memory_is_written_the_next_write_fails_and_the_reserve_stays()
    {
        PageCache cache = new();
        byte[] bytes = new byte[64 * Page];
        long offset = 0;
        int written;
        while ((written = Write(cache, offset, bytes)) > 0) offset += written;

        Assert.Equal(-(int)Errno.ENOMEM, written);
        Assert.Equal(offset, cache.LengthBytes);
        Assert.Equal(KernelObjects.ReservedFrames, Frame.FreeCount);
        cache.Close();
    }

    [Fact]
    public void Reading_again_allocates_nothing()
    {
        PageCache cache = new();
        byte[] bytes = new byte[40 * Page];
        Write(cache, 0, bytes);
        Read(cache, 0, bytes);
        long frames = Simulation.FrameAllocationAttempts;
        long before = GC.GetAllocatedBytesForCurrentThread();

        Read(cache, 0, bytes);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(frames, Simulation.FrameAllocationAttempts);
        cache.Close();
    }

    [Fact]
    public void A_closed_cache_gives_no_pages()
    {
        PageCache cache = new();
        Write(cache, 0, new byte[10]);
        cache.Close();
        Assert.False(cache.TryGetPage(0, false, out _, out Errno error));
        Assert.Equal(Errno.EFAULT, error);
    }

    [Fact]
    public void Bad_user_memory_gives_a_short_count_or_EFAULT_and_leaves_no_page()
    {
        AddressSpace space = NewSpace();
        UserAddress at = MapAnonymous(space, 2);
        PageCache cache = new();
        UserSource source = new(at + Page, 3 * Page);
        Assert.Equal(Page, cache.Write(0, ref source).Count);
        source = new UserSource(At(0x5000_0000), 100);
        Assert.Equal(Errno.EFAULT, cache.Write(7 * Page, ref source).Error);
        Assert.Equal((1L * Page, 1L), (cache.LengthBytes, cache.PageCount));
        source = new UserSource(at + Page + 10, 2 * Page);
        Assert.Equal(Page - 10, cache.Write(3 * Page, ref source).Count);
        Assert.Equal(4 * Page - 10, cache.LengthBytes);

        UserDestination destination = new(at + Page, 3 * Page);
        Assert.Equal(Page, cache.Read(0, ref destination).Count);
        destination = new UserDestination(At(0x5000_0000), 10);
        Assert.Equal(Errno.EFAULT, cache.Read(0, ref destination).Error);
        space.Release();
        cache.Close();
    }

    public static IEnumerable<TheoryDataRow<int>> Seeds() => Enumerable.Range(1, 30).Select(seed => new TheoryDataRow<int>(seed));

    private static void Mutate(Random random, PageCache cache, List<byte> model)
    {
        int offset = random.Next(model.Count + 3 * Page);
        switch (random.Next(8))
        {
            case 0:
                int length = random.Next(model.Count + 2 * Page);
                Assert.Equal(Errno.None, cache.Truncate(length));
                Resize(model, length);
                break;
            case 1:
                int hole = random.Next(6 * Page);
                Assert.Equal(Errno.None, cache.PunchHole(offset, hole));
                for (int i = offset; i < Math.Min(model.Count, offset + hole); i++) model[i] = 0;
                break;
            case 2:
                cache.DropClean(random.Next(20));
                break;
            default:
                if (random.Next(3) == 0) offset = offset / Page * Page;
                byte[] bytes = new byte[random.Next(3) == 0 ? random.Next(4) * Page : random.Next(3 * Page)];
                random.NextBytes(bytes);
                if (offset + bytes.Length > 40 * Page) return;
                Assert.Equal(bytes.Length, Write(cache, offset, bytes));
                if (bytes.Length != 0 && offset + bytes.Length > model.Count) Resize(model, offset + bytes.Length);
                for (int i = 0; i < bytes.Length; i++) model[offset + i] = bytes[i];
                break;
        }
    }

    private static void Resize(List<byte> model, int length)
    {
        if (length < model.Count) model.RemoveRange(length, model.Count - length);
        while (model.Count < length) model.Add(0);
    }

    private static void CheckRead(PageCache cache, List<byte> model, int offset, int length)
    {
        byte[] bytes = new byte[length];
        int expected = Math.Clamp(model.Count - offset, 0, length);
        Assert.Equal(expected, Read(cache, offset, bytes));
        Assert.True(bytes.AsSpan(0, expected).SequenceEqual(model.Skip(offset).Take(expected).ToArray()));
    }

    private static int Read(PageCache cache, long offset, byte[] bytes)
    {
        UserDestination destination = new(bytes);
        return (int)cache.Read(offset, ref destination).Value;
    }

    private static int Write(PageCache cache, long offset, byte[] bytes)
    {
        UserSource source = new(bytes);
        return (int)cache.Write(offset, ref source).Value;
    }
}
