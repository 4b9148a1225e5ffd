using System;
using System.Collections.Generic;
using System.Linq;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine.Simulated;
using Xunit;

namespace Cashew.Host.Files;

public sealed class DescriptorTableTests
{
    private const int Limit = 1024;

    public DescriptorTableTests()
    {
        Simulation.Reset();
    }

    public static IEnumerable<TheoryDataRow<int>> Seeds() =>
        Enumerable.Range(1, 20).Select(static seed => new TheoryDataRow<int>(seed));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Table_agrees_with_a_sorted_list(int seed)
    {
        Random random = new(seed);
        DescriptorTable table = new();
        SortedDictionary<int, (CountedFile? File, bool IsCloseOnExec)> model = [];
        for (int step = 0; step < 1500; step++)
        {
            int fd = random.Next(random.Next(4) == 0 ? 300 : 20);
            FdFlags flags = random.Next(2) == 0 ? FdFlags.CloseOnExec : FdFlags.None;
            switch (random.Next(8))
            {
                case 0 or 1:
                    CountedFile added = new();
                    Assert.True(table.TryAdd(added, Limit, flags, out int addedFd, out _));
                    Assert.Equal(LowestFree(model, 0), addedFd);
                    model.Add(addedFd, (added, flags.IsCloseOnExec));
                    break;
                case 2:
                    Assert.True(table.TryReserve(Limit, flags, out int reserved, out _));
                    Assert.Equal(LowestFree(model, 0), reserved);
                    if (random.Next(2) == 0) table.CancelReservation(reserved);
                    else model.Add(reserved, (null, flags.IsCloseOnExec));
                    break;
                case 3 or 4:
                    bool wasOpen = model.TryGetValue(fd, out var removed) && removed.File is not null;
                    Assert.Equal(wasOpen, table.TryRemove(fd, out OpenFile? file));
                    if (!wasOpen) break;
                    Assert.Same(removed.File, file);
                    file!.Release();
                    model.Remove(fd);
                    break;
                case 5:
                    Duplicate(random, table, model, fd, flags);
                    break;
                case 6:
                    Replace(random, table, model, fd, flags);
                    break;
                case 7:
                    bool isOpen = model.TryGetValue(fd, out var marked) && marked.File is not null;
                    Assert.Equal(isOpen, table.TrySetFlags(fd, flags));
                    if (isOpen) model[fd] = (marked.File, flags.IsCloseOnExec);
                    break;
            }

            Check(table, model);
        }

        table.Release();
        Assert.All(model.Values, static entry => Assert.True(entry.File?.IsClosed ?? true));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(100)]
    public void The_limit_is_one_more_than_the_highest(int limit)
    {
        DescriptorTable table = new();
        for (int i = 0; i < limit; i++) Assert.True(table.TryAdd(new CountedFile(), limit, default, out _, out _));

        Assert.False(table.TryReserve(limit, default, out _, out Errno error));
        Assert.Equal(Errno.EMFILE, error);
        Assert.False(table.TryDuplicate(0, 0, limit, default, out _, out error));
        Assert.Equal(Errno.EMFILE, error);
        Assert.True(table.TryRemove(1, out OpenFile? file));
        file.Release();
        Assert.True(table.TryReserve(limit, default, out int fd, out _));
        Assert.Equal(1, fd);
    }

    [Fact]
    public void A_limit_below_what_is_open_already_allows_no_more_and_takes_nothing_away()
    {
        DescriptorTable table = new();
        for (int i = 0; i < 10; i++) Assert.True(table.TryAdd(new CountedFile(), Limit, default, out _, out _));

        Assert.False(table.TryReserve(5, default, out _, out Errno error));
        Assert.Equal(Errno.EMFILE, error);
        Assert.True(table.TryUse(9, out FileUse use, out _));
        use.Dispose();
    }

    // An object of the collected heap has at most 4 MiB; the simulated machine refuses larger reservations.
    [Fact]
    public void The_highest_number_of_all_costs_no_more_than_a_piece()
    {
        const int Max = DescriptorTable.MaxCount;
        DescriptorTable table = new();
        CountedFile file = new();
        Assert.True(table.TryAdd(file, Max, default, out _, out _));

        Assert.True(table.TryReplace(0, Max - 1, Max, FdFlags.CloseOnExec, out _, out _));
        Assert.True(table.TryDuplicate(0, 500_000, Max, default, out int high, out _));
        Assert.Equal(500_000, high);
        Assert.Equal(Max, table.Capacity);
        for (int fd = 1; fd < 200; fd++)
        {
            Assert.True(table.TryDuplicate(0, 0, Max, default, out int low, out _));
            Assert.Equal(fd, low);
        }

        Assert.True(table.TryClone(out DescriptorTable? clone));
        table.CloseOnExec();
        Assert.False(table.TryUse(Max - 1, out _, out _));
        Assert.Equal(199, table.NextOpen(199));
        Assert.Equal(500_000, table.NextOpen(200));
        Assert.Equal(-1, table.NextOpen(500_001));
        Assert.Equal(Max - 1, clone.NextOpen(500_001));
        Assert.False(clone.TryDuplicate(0, Max - 1, Max, default, out _, out Errno error));
        Assert.Equal(Errno.EMFILE, error);
        clone.Release();
        table.CloseRange(1, int.MaxValue);
        Assert.False(file.IsClosed);
        table.Release();
        Assert.True(file.IsClosed);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(40_000)]
    [InlineData(1_000_000)]
    public void Without_memory_there_is_no_room_for_more(int fd)
    {
        DescriptorTable table = new();
        CountedFile file = new();
        Assert.True(table.TryAdd(file, DescriptorTable.MaxCount, default, out _, out _));

        Simulation.Current.HeapStock = HeapStock.Short;
        Assert.False(table.TryReplace(0, fd, DescriptorTable.MaxCount, default, out _, out Errno error));
        Assert.Equal(Errno.ENOMEM, error);
        Assert.False(table.TryDuplicate(0, fd, DescriptorTable.MaxCount, default, out _, out error));
        Assert.Equal(Errno.ENOMEM, error);
        Simulation.Current.HeapStock = HeapStock.Full;
        Assert.True(table.TryReplace(0, fd, DescriptorTable.MaxCount, default, out _, out _));

        // A copy needs as much again.
        Simulation.Current.HeapStock = HeapStock.Short;
        Assert.False(table.TryClone(out _));
        Simulation.Current.HeapStock = HeapStock.Full;
        table.Release();
        Assert.True(file.IsClosed);
    }

    // fcntl(2), F_DUPFD: EINVAL "arg is negative or is greater than the maximum allowable value".
    [Theory]
    [InlineData(-1, Errno.EINVAL)]
    [InlineData(50, Errno.EINVAL)]
    [InlineData(51, Errno.EINVAL)]
    [InlineData(49, Errno.None)]
    public void Duplicating_from_a_number_on_checks_that_number(int lowest, Errno expected)
    {
        DescriptorTable table = new();
        CountedFile file = new();
        Assert.True(table.TryAdd(file, 50, default, out _, out _));

        bool isDone = table.TryDuplicate(0, lowest, 50, default, out int fd, out Errno error);

        Assert.Equal(expected == Errno.None, isDone);
        Assert.Equal(expected, isDone ? Errno.None : error);
        if (isDone) Assert.Equal(lowest, fd);
        table.Release();
        Assert.True(file.IsClosed);
    }

    [Theory]
    [InlineData(-1, Errno.EBADF)]
    [InlineData(100, Errno.EBADF)]
    [InlineData(int.MaxValue, Errno.EBADF)]
    [InlineData(3, Errno.EBUSY)] // reserved by an open that is under way: dup(2), NOTES
    public void A_number_that_cannot_be_replaced_is_left_alone(int newFd, Errno expected)
    {
        DescriptorTable table = new();
        for (int i = 0; i < 3; i++) Assert.True(table.TryAdd(new CountedFile(), 100, default, out _, out _));
        Assert.True(table.TryReserve(100, default, out int reserved, out _));
        Assert.Equal(3, reserved);

        Assert.False(table.TryReplace(0, newFd, 100, default, out OpenFile? replaced, out Errno error));

        Assert.Null(replaced);
        Assert.Equal(expected, error);
    }

    [Fact]
    public void Replacing_with_what_is_not_open_leaves_the_other_open()
    {
        DescriptorTable table = new();
        CountedFile file = new();
        Assert.True(table.TryAdd(file, Limit, default, out _, out _));
        Assert.False(table.TryReplace(5, 0, Limit, default, out _, out Errno error));
        Assert.Equal(Errno.EBADF, error);
        Assert.False(table.TryReplace(5, 500, Limit, default, out _, out error));
        Assert.Equal(Errno.EBADF, error);
        Assert.False(file.IsClosed);
    }

    [Fact]
    public void A_reserved_number_is_not_open_yet()
    {
        DescriptorTable table = new();
        Assert.True(table.TryReserve(Limit, FdFlags.CloseOnExec, out int fd, out _));

        Assert.False(table.TryUse(fd, out _, out Errno error));
        Assert.Equal(Errno.EBADF, error);
        Assert.False(table.TryRemove(fd, out _));
        Assert.False(table.TryGetFlags(fd, out _));
        Assert.Equal(-1, table.NextOpen(0));
        table.CloseOnExec();
        table.CloseRange(0, int.MaxValue);

        CountedFile file = new();
        table.Install(fd, file);
        Assert.True(table.TryGetFlags(fd, out FdFlags flags));
        Assert.True(flags.IsCloseOnExec);
    }

    [Fact]
    public void A_place_without_a_file_is_found_only_by_who_asks_for_any()
    {
        DescriptorTable table = new();
        CountedFile place = new(OpenBits.O_PATH);
        Assert.True(table.TryAdd(place, Limit, default, out int fd, out _));
        table.Retain(); // shared: uses hold references

        Assert.False(table.TryUse(fd, out _, out Errno error));
        Assert.Equal(Errno.EBADF, error);
        Assert.True(table.TryUseAny(fd, out FileUse use, out _));
        use.Dispose();
        table.Release();
        table.Release();
        Assert.True(place.IsClosed);
    }

    [Fact]
    public void A_clone_has_the_same_files_and_marks_and_goes_its_own_way()
    {
        DescriptorTable table = new();
        CountedFile[] files = [.. Enumerable.Range(0, 100).Select(static _ => new CountedFile())];
        foreach (CountedFile file in files)
        {
            FdFlags flags = file == files[7] ? FdFlags.CloseOnExec : FdFlags.None;
            Assert.True(table.TryAdd(file, Limit, flags, out _, out _));
        }

        Assert.True(table.TryReserve(Limit, FdFlags.CloseOnExec, out int reserved, out _));
        Assert.True(table.TryRemove(50, out OpenFile? removed));
        removed.Release();

        Assert.True(table.TryClone(out DescriptorTable? clone));

        Assert.True(clone.TryGetFlags(7, out FdFlags marks) && marks.IsCloseOnExec);
        Assert.True(clone.TryGetFlags(8, out marks) && !marks.IsCloseOnExec);
        Assert.True(clone.TryReserve(Limit, default, out int fd, out _));
        Assert.Equal(50, fd);
        // What another thread was just opening is free in the clone.
        Assert.True(clone.TryReserve(Limit, default, out fd, out _));
        Assert.Equal(reserved, fd);
        Assert.False(clone.TryGetFlags(reserved, out _));

        table.Release();
        Assert.All(files.Where(file => file != removed), static file => Assert.False(file.IsClosed));
        clone.Release();
        Assert.All(files, static file => Assert.True(file.IsClosed));
    }

    [Fact]
    public void Exec_closes_what_is_marked_and_nothing_else()
    {
        DescriptorTable table = new();
        List<CountedFile> marked = [];
        List<CountedFile> others = [];
        Random random = new(1);
        for (int i = 0; i < 200; i++)
        {
            CountedFile file = new();
            bool isMarked = random.Next(2) == 0;
            (isMarked ? marked : others).Add(file);
            Assert.True(table.TryAdd(file, Limit, isMarked ? FdFlags.CloseOnExec : default, out _, out _));
        }

        table.CloseOnExec();

        Assert.All(marked, static file => Assert.True(file.IsClosed && file.FlushCount == 1));
        Assert.All(others, static file => Assert.True(!file.IsClosed && file.FlushCount == 0));
    }

    [Fact]
    public void A_duplicate_has_marks_of_its_own()
    {
        DescriptorTable table = new();
        Assert.True(table.TryAdd(new CountedFile(), Limit, FdFlags.CloseOnExec, out _, out _));
        Assert.True(table.TryDuplicate(0, 0, Limit, FdFlags.None, out int copy, out _));
        Assert.True(table.TryReplace(copy, 0, Limit, FdFlags.None, out OpenFile? replaced, out _));
        replaced!.Release();
        Assert.True(table.TryGetFlags(0, out FdFlags flags) && !flags.IsCloseOnExec);
        Assert.True(table.TrySetFlags(copy, FdFlags.CloseOnExec));
        Assert.True(table.TryGetFlags(0, out flags) && !flags.IsCloseOnExec);
        table.CloseOnExec();
        Assert.Equal(0, table.NextOpen(0));
        Assert.Equal(-1, table.NextOpen(1));
    }

    [Theory]
    [InlineData(0, int.MaxValue)]
    [InlineData(10, 20)]
    [InlineData(63, 64)]
    [InlineData(99, 5000)]
    [InlineData(200, 300)]
    public void A_range_is_closed_or_marked_with_both_its_ends(int first, int last)
    {
        DescriptorTable table = new();
        CountedFile[] files = [.. Enumerable.Range(0, 100).Select(static _ => new CountedFile())];
        foreach (CountedFile file in files) Assert.True(table.TryAdd(file, Limit, default, out _, out _));

        table.MarkRange(first, last);
        for (int fd = 0; fd < files.Length; fd++)
        {
            Assert.True(table.TryGetFlags(fd, out FdFlags flags));
            Assert.Equal(fd >= first && fd <= last, flags.IsCloseOnExec);
        }

        table.CloseRange(first, last);
        for (int fd = 0; fd < files.Length; fd++) Assert.Equal(fd >= first && fd <= last, files[fd].IsClosed);
    }

    // ---- several processors
    // -----------------------------------------------------------------------------------------

    [Fact]
    public void Nobody_meets_a_closed_file_or_another_one_s_number()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            DescriptorTable table = new();
            List<CountedFile> all = [];
            ThreadedMachine.RunOnAll(
                cpu =>
                {
                    if (cpu != 0) table.Retain();
                    Random random = new(seed * 10 + cpu);
                    List<(int Fd, CountedFile File)> own = [];
                    for (int step = 0; step < 30; step++)
                    {
                        DoSomething(random, table, own, all);
                    }

                    foreach ((int fd, _) in own) Close(table, fd);
                },
                new SimulationOptions { Seed = seed, CpuCount = 3 });
            Assert.Equal(-1, table.NextOpen(0));
            Assert.All(all, static file => Assert.True(file.IsClosed));
        }
    }

    // dup2(2) to a number beyond the slots, while another thread opens the file that was not there a moment
    // ago.
    [Fact]
    public void Replacing_races_with_the_opening_of_the_old_and_the_growth_of_the_table()
    {
        bool wasOpen = false;
        for (int seed = 0; seed < 60; seed++)
        {
            DescriptorTable table = new();
            table.Retain();
            CountedFile file = new();
            ThreadedMachine.RunOnAll(
                cpu =>
                {
                    if (cpu == 0)
                    {
                        Assert.True(table.TryAdd(file, Limit, default, out int fd, out _));
                        Assert.Equal(0, fd);
                        return;
                    }

                    if (table.TryReplace(0, 500, Limit, default, out OpenFile? replaced, out Errno error))
                    {
                        Assert.Null(replaced);
                        wasOpen = true;
                    }
                    else
                    {
                        Assert.Equal(Errno.EBADF, error);
                    }
                },
                new SimulationOptions { Seed = seed, CpuCount = 2 });
            table.CloseRange(0, int.MaxValue);
            Assert.True(file.IsClosed);
        }

        Assert.True(wasOpen);
    }

    [Fact]
    public void A_clone_is_a_picture_of_one_moment_while_others_change_the_table()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            DescriptorTable table = new();
            CountedFile[] files = [.. Enumerable.Range(0, 70).Select(static _ => new CountedFile())];
            List<DescriptorTable> clones = [];
            ThreadedMachine.RunOnAll(
                cpu =>
                {
                    if (cpu == 0)
                    {
                        // One after the other, so that each picture is of the first so many.
                        foreach (CountedFile file in files) Assert.True(table.TryAdd(file, Limit, default, out _, out _));
                        return;
                    }

                    for (int i = 0; i < 5; i++)
                    {
                        Assert.True(table.TryClone(out DescriptorTable? clone));
                        clones.Add(clone);
                        Assert.True(clone.TryReserve(Limit, default, out int count, out _));
                        for (int fd = 0; fd < files.Length; fd++)
                        {
                            bool isOpen = clone.TryGet(fd, out OpenFile? file);
                            Assert.Equal(fd < count, isOpen);
                            if (isOpen) Assert.Same(files[fd], file);
                            file?.Release();
                        }
                    }
                },
                new SimulationOptions { Seed = seed, CpuCount = 2 });
            table.Release();
            clones.ForEach(static clone => clone.Release());
            Assert.All(files, static file => Assert.True(file.IsClosed));
        }
    }

    private static void DoSomething(
        Random random, DescriptorTable table, List<(int Fd, CountedFile File)> own, List<CountedFile> all)
    {
        switch (random.Next(4))
        {
            case 0:
                CountedFile file = new();
                all.Add(file);
                Assert.True(table.TryAdd(file, Limit, default, out int fd, out _));
                Assert.DoesNotContain(own, entry => entry.Fd == fd);
                own.Add((fd, file));
                break;
            case 1 when own.Count != 0:
                (int closed, _) = own[^1];
                own.RemoveAt(own.Count - 1);
                Close(table, closed);
                break;
            case 2 when own.Count != 0:
                (int expectedFd, CountedFile expected) = own[random.Next(own.Count)];
                Assert.True(table.TryUse(expectedFd, out FileUse use, out _));
                Assert.Same(expected, use.File);
                use.Dispose();
                break;
            case 3:
                // Somebody else's, perhaps; whatever it is, it stays open while it is used.
                if (!table.TryUse(random.Next(8), out FileUse any, out _)) break;
                Assert.False(((CountedFile)any.File).IsClosed);
                Simulation.Current.ChoicePoint();
                Assert.False(((CountedFile)any.File).IsClosed);
                any.Dispose();
                break;
        }
    }

    private static void Close(DescriptorTable table, int fd)
    {
        Assert.True(table.TryRemove(fd, out OpenFile? file));
        file.Release();
    }

    // ---- the model
    // ----------------------------------------------------------------------------------------------

    private static int LowestFree(SortedDictionary<int, (CountedFile? File, bool IsCloseOnExec)> model, int from)
    {
        while (model.ContainsKey(from)) from++;
        return from;
    }

    private static void Duplicate(
        Random random, DescriptorTable table, SortedDictionary<int, (CountedFile? File, bool IsCloseOnExec)> model, int fd,
        FdFlags flags)
    {
        int lowest = random.Next(3) == 0 ? random.Next(400) : 0;
        bool isOpen = model.TryGetValue(fd, out var original) && original.File is not null;
        bool isDone = table.TryDuplicate(fd, lowest, Limit, flags, out int copy, out Errno error);
        Assert.Equal(isOpen, isDone);
        if (!isDone)
        {
            Assert.Equal(Errno.EBADF, error);
            return;
        }

        Assert.Equal(LowestFree(model, lowest), copy);
        model.Add(copy, (original.File, flags.IsCloseOnExec));
    }

    private static void Replace(
        Random random, DescriptorTable table, SortedDictionary<int, (CountedFile? File, bool IsCloseOnExec)> model, int fd,
        FdFlags flags)
    {
        int newFd = random.Next(300);
        bool isOpen = model.TryGetValue(fd, out var original) && original.File is not null;
        bool isReserved = model.TryGetValue(newFd, out var old) && old.File is null;
        bool isDone = table.TryReplace(fd, newFd, Limit, flags, out OpenFile? replaced, out Errno error);
        Assert.Equal(isOpen && !isReserved, isDone);
        if (!isDone)
        {
            Assert.Equal(isOpen ? Errno.EBUSY : Errno.EBADF, error);
            return;
        }

        Assert.Same(old.File, replaced);
        replaced?.Release();
        model[newFd] = (original.File, flags.IsCloseOnExec);
    }

    private static void Check(
        DescriptorTable table, SortedDictionary<int, (CountedFile? File, bool IsCloseOnExec)> model)
    {
        int next = -1;
        foreach ((int fd, (CountedFile? file, bool isCloseOnExec)) in model)
        {
            if (file is null) continue;
            next = table.NextOpen(next + 1);
            Assert.Equal(fd, next);
            Assert.False(file.IsClosed);
            Assert.True(table.TryGetFlags(fd, out FdFlags flags));
            Assert.Equal(isCloseOnExec, flags.IsCloseOnExec);
        }

        Assert.Equal(-1, table.NextOpen(next + 1));
    }
}
