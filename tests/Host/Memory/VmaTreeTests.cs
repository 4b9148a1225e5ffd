using System;
using System.Collections.Generic;
using System.Linq;
using Cashew.Machine;
using Cashew.Memory;
using Xunit;

namespace Cashew.Host.Memory;

public sealed class VmaTreeTests : MemoryTest
{
    private const int Slots = 400;
    private const ulong Origin = 0x10_0000;

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Tree_agrees_with_a_sorted_list(int seed)
    {
        Random random = new(seed);
        VmaTree tree = new();
        SortedList<ulong, Vma> model = [];
        for (int step = 0; step < 600; step++)
        {
            Mutate(random, tree, model);
            CheckShape(tree, model);
            CheckLookups(random, tree, model);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Room_is_found_where_it_is_highest_or_lowest(int seed)
    {
        Random random = new(seed);
        VmaTree tree = new();
        SortedList<ulong, Vma> model = [];
        for (int step = 0; step < 300; step++)
        {
            Mutate(random, tree, model);
            ulong low = Origin + (ulong)random.Next(Slots) * Page;
            ulong high = low + (ulong)random.Next(Slots) * Page;
            ulong length = (ulong)random.Next(1, 40) * Page;

            bool isHigh = tree.TryFindHighestGap(low, high, length, out UserAddress highest);
            bool isLow = tree.TryFindLowestGap(low, high, length, out UserAddress lowest);

            ulong[] places = Places(model, low, high, length).ToArray();
            Assert.Equal(places.Length != 0, isHigh);
            Assert.Equal(places.Length != 0, isLow);
            if (places.Length == 0) continue;
            Assert.Equal(places[^1], highest.Value);
            Assert.Equal(places[0], lowest.Value);
        }
    }

    [Fact]
    public void Version_is_odd_during_a_change_and_new_after_it()
    {
        VmaTree tree = new();
        Assert.True(tree.TryBeginRead(out uint before));
        using (tree.BeginChange())
        {
            Assert.False(tree.TryBeginRead(out _));
            Assert.False(tree.IsCurrent(before));
        }

        Assert.True(tree.TryBeginRead(out uint after));
        Assert.NotEqual(before, after);
        Assert.True(tree.IsCurrent(after));
    }

    [Fact]
    public void A_removed_mapping_is_not_found_by_the_fault_path_s_memory()
    {
        VmaTree tree = new();
        Vma vma = NewVma(0, 4);
        tree.Insert(vma);
        Assert.Same(vma, tree.FindForFault(vma.Start));

        tree.Remove(vma);

        Assert.Null(tree.FindForFault(vma.Start));
    }

    public static IEnumerable<TheoryDataRow<int>> Seeds() => Enumerable.Range(1, 20).Select(seed => new TheoryDataRow<int>(seed));

    private static void Mutate(Random random, VmaTree tree, SortedList<ulong, Vma> model)
    {
        int choice = random.Next(10);
        if (choice < 6 || model.Count == 0) InsertSomewhere(random, tree, model);
        else if (choice < 9) RemoveOne(random, tree, model);
        else ResizeOne(random, tree, model);
    }

    private static void InsertSomewhere(Random random, VmaTree tree, SortedList<ulong, Vma> model)
    {
        Vma vma = NewVma(random.Next(Slots), random.Next(1, 8));
        if (random.Next(8) == 0) vma.Flags = VmaFlags.GrowsDown;
        if (model.Values.Any(other => other.Start < vma.End && vma.Start < other.End)) return;
        tree.Insert(vma);
        model.Add(vma.Start.Value, vma);
    }

    private static void RemoveOne(Random random, VmaTree tree, SortedList<ulong, Vma> model)
    {
        Vma vma = model.Values[random.Next(model.Count)];
        tree.Remove(vma);
        model.Remove(vma.Start.Value);
    }

    private static void ResizeOne(Random random, VmaTree tree, SortedList<ulong, Vma> model)
    {
        int index = random.Next(model.Count);
        Vma vma = model.Values[index];
        ulong limit = index + 1 < model.Count ? model.Values[index + 1].Start.Value : vma.End.Value + 10 * Page;
        ulong room = (limit - vma.Start.Value) / Page;
        vma.End = vma.Start + (ulong)random.NextInt64(1, (long)room + 1) * Page;
        tree.Resized(vma);
    }

    private static Vma NewVma(int slot, int pages)
    {
        Assert.True(Vma.TryCreate(null!, out Vma? vma));
        vma.Start = At(Origin + (ulong)slot * Page);
        vma.End = vma.Start + (ulong)pages * Page;
        return vma;
    }

    private static void CheckShape(VmaTree tree, SortedList<ulong, Vma> model)
    {
        Assert.Equal(model.Count, tree.Count);
        List<Vma> threaded = [];
        for (Vma? vma = tree.First; vma is not null; vma = vma.Next)
        {
            Assert.Same(threaded.LastOrDefault(), vma.Previous);
            threaded.Add(vma);
        }

        Assert.Equal(model.Values, threaded);
        Assert.Same(threaded.LastOrDefault(), tree.Last);
        foreach (Vma vma in threaded) CheckNode(vma);
    }

    private static void CheckNode(Vma vma)
    {
        int left = vma.Left?.Height ?? 0;
        int right = vma.Right?.Height ?? 0;
        Assert.InRange(left - right, -1, 1);
        Assert.Equal(Math.Max(left, right) + 1, vma.Height);

        ulong before = vma.Previous?.End.Value ?? 0;
        ulong gap = vma.StartWithGuard > before ? vma.StartWithGuard - before : 0;
        ulong largest = Math.Max(gap, Math.Max(vma.Left?.LargestGap ?? 0, vma.Right?.LargestGap ?? 0));
        Assert.Equal(largest, vma.LargestGap);
    }

    private static void CheckLookups(Random random, VmaTree tree, SortedList<ulong, Vma> model)
    {
        UserAddress at = At(Origin + (ulong)random.Next(Slots * Page));
        Vma? expected = model.Values.FirstOrDefault(vma => vma.End > at);
        Assert.Same(expected, tree.FindAtOrAbove(at));
        Assert.Same(expected, tree.FindForFault(at));
    }

    /// <summary>
    /// Every page-aligned place where the range would fit, by trying them all. The gap that a stack wants
    /// counts up to its neighbor below: that one takes what runs over, as on Linux.
    /// </summary>
    private static IEnumerable<ulong> Places(SortedList<ulong, Vma> model, ulong low, ulong high, ulong length)
    {
        for (ulong at = low; at + length <= high; at += Page)
        {
            Vma? next = model.Values.FirstOrDefault(vma => vma.End.Value > at);
            if (next is null || (at < next.Start.Value && at + length <= next.StartWithGuard)) yield return at;
        }
    }
}
