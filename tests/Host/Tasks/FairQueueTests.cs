using System;
using System.Collections.Generic;
using System.Linq;
using Cashew.Machine.Simulated;
using Cashew.Tasks;
using Xunit;

namespace Cashew.Host.Tasks;

/// <summary>The treap of the fair class and its sums, against a plain list.</summary>
public sealed class FairQueueTests
{
    public FairQueueTests()
    {
        Simulation.Reset();
    }

    public static IEnumerable<TheoryDataRow<int>> Seeds() =>
        Enumerable.Range(1, 20).Select(static seed => new TheoryDataRow<int>(seed));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Tree_and_sums_agree_with_a_list(int seed)
    {
        Random random = new(seed);
        FairQueue queue = new();
        List<SchedulingEntity> waiting = [];
        List<SchedulingEntity> asleep = [.. Enumerable.Range(0, 40).Select(_ => NewEntity(random.Next(-20, 20)))];
        SchedulingEntity? running = null;
        for (int step = 0; step < 800; step++)
        {
            Mutate(random, queue, waiting, asleep, ref running);
            CheckTree(queue, waiting);
            CheckAccounts(queue, waiting, running);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Next_is_the_first_deadline_among_the_eligible(int seed)
    {
        Random random = new(seed);
        FairQueue queue = new();
        List<SchedulingEntity> waiting = [.. Enumerable.Range(0, 30).Select(_ => NewEntity(random.Next(-20, 20)))];
        foreach (SchedulingEntity entity in waiting)
        {
            entity.Lag = random.NextInt64(-2 * FairQueue.SliceNs, 2 * FairQueue.SliceNs);
            queue.Enqueue(entity);
        }

        for (int step = 0; step < 1000; step++)
        {
            long average = queue.Average;
            long[] eligible =
                [.. waiting.Where(entity => entity.VirtualTime <= average).Select(entity => entity.VirtualDeadline)];
            long expected = eligible.Length != 0 ? eligible.Min() : waiting.Min(entity => entity.VirtualDeadline);

            SchedulingEntity next = queue.TakeNext();

            Assert.Equal(expected, next.VirtualDeadline);
            Assert.True(eligible.Length == 0 || next.VirtualTime <= average);
            queue.Charge(random.NextInt64(2 * FairQueue.SliceNs));
            queue.PutBack(next, gaveUp: random.Next(4) == 0);
        }
    }

    // Stoica and Abdel-Wahab, theorem 1: no thread is ever owed, or owes, more than its longest request.
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Nobody_is_ahead_or_behind_by_more_than_a_slice(int seed)
    {
        Random random = new(seed);
        FairQueue queue = new();
        List<SchedulingEntity> all = [.. Enumerable.Range(0, 12).Select(_ => NewEntity(random.Next(-10, 11)))];
        foreach (SchedulingEntity entity in all)
        {
            queue.Enqueue(entity);
        }

        for (int step = 0; step < 1000; step++)
        {
            SchedulingEntity next = queue.TakeNext();
            queue.Charge(FairQueue.SliceNs);
            queue.PutBack(next, gaveUp: false);
            foreach (SchedulingEntity entity in all)
            {
                long lagNs = (queue.Average - entity.VirtualTime) * entity.Weight / FairQueue.NiceZeroWeight;
                Assert.InRange(lagNs, -FairQueue.SliceNs - 1000, FairQueue.SliceNs + 1000);
            }
        }
    }

    [Theory]
    [InlineData(1024, 1024)]
    [InlineData(1024, 15)]
    [InlineData(15, 1024)]
    [InlineData(88761, 3)]
    public void Leaving_and_coming_back_changes_nothing(long weight, long otherWeight)
    {
        FairQueue queue = new();
        SchedulingEntity entity = NewEntity(0);
        entity.Weight = weight;
        SchedulingEntity other = NewEntity(0);
        other.Weight = otherWeight;
        queue.Enqueue(entity);
        queue.Enqueue(other);
        SchedulingEntity running = queue.TakeNext();
        queue.Charge(FairQueue.SliceNs / 2);
        long lag = queue.Average - running.VirtualTime;

        queue.Leave(running);
        queue.Enqueue(running);

        long rounding = Math.Abs(lag) / 1000 + 2;
        Assert.InRange(queue.Average - running.VirtualTime, lag - rounding, lag + rounding);
    }

    [Fact]
    public void What_is_owed_after_a_long_sleep_is_bounded()
    {
        FairQueue queue = new();
        SchedulingEntity sleeper = NewEntity(0);
        SchedulingEntity other = NewEntity(0);
        queue.Enqueue(other);
        sleeper.Lag = 1_000 * FairQueue.SliceNs;

        queue.Enqueue(sleeper);

        Assert.InRange(queue.Average - sleeper.VirtualTime, 0, 2 * FairQueue.SliceNs);
    }

    [Fact]
    public void Weights_grow_by_a_quarter_a_step()
    {
        for (int nice = -20; nice < 19; nice++)
        {
            long heavier = FairQueue.WeightOf(SchedulingPolicy.Fair, nice);
            long lighter = FairQueue.WeightOf(SchedulingPolicy.Fair, nice + 1);
            Assert.InRange((double)heavier / lighter, 1.18, 1.32);
        }

        Assert.Equal(FairQueue.NiceZeroWeight, FairQueue.WeightOf(SchedulingPolicy.Batch, 0));
        Assert.True(FairQueue.WeightOf(SchedulingPolicy.Idle, -20) < FairQueue.WeightOf(SchedulingPolicy.Fair, 19));
    }

    // sched_yield(2) "causes the calling thread to relinquish the CPU", even if it is owed more of it.
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Somebody_else_follows_on_whoever_yields(int seed)
    {
        Random random = new(seed);
        FairQueue queue = new();
        List<SchedulingEntity> all =
            [.. Enumerable.Range(0, random.Next(2, 6)).Select(_ => NewEntity(random.Next(-20, 20)))];
        all.ForEach(queue.Enqueue);
        SchedulingEntity? yielded = null;
        for (int step = 0; step < 500; step++)
        {
            SchedulingEntity next = queue.TakeNext();
            Assert.NotSame(yielded, next);
            yielded = random.Next(2) == 0 ? next : null;
            queue.Charge(random.NextInt64(yielded is null ? 2 * FairQueue.SliceNs : 1000));
            queue.PutBack(next, gaveUp: yielded is not null);
            CheckAccounts(queue, all, running: null);
        }
    }

    [Fact]
    public void Sums_stay_exact_over_months_of_processor_time()
    {
        FairQueue queue = new();
        List<SchedulingEntity> all = [NewEntity(-20), NewEntity(0), NewEntity(19)];
        all.ForEach(queue.Enqueue);
        const long HourNs = 3_600_000_000_000;
        for (int hour = 0; hour < 24 * 100; hour++)
        {
            SchedulingEntity next = queue.TakeNext();
            queue.Charge(HourNs);
            queue.PutBack(next, gaveUp: false);
            CheckAccounts(queue, all, running: null);
        }
    }

    private static SchedulingEntity NewEntity(int nice) => new(TestThread.Sketch())
    {
        Nice = nice,
        Weight = FairQueue.WeightOf(SchedulingPolicy.Fair, nice),
    };

    private static void Mutate(
        Random random, FairQueue queue, List<SchedulingEntity> waiting, List<SchedulingEntity> asleep,
        ref SchedulingEntity? running)
    {
        switch (random.Next(8))
        {
            case 0 or 1 when asleep.Count != 0:
                SchedulingEntity woken = Take(asleep, random);
                queue.Enqueue(woken);
                waiting.Add(woken);
                break;
            case 2 when waiting.Count != 0:
                SchedulingEntity changed = Take(waiting, random);
                queue.Dequeue(changed);
                changed.Nice = random.Next(-20, 20);
                changed.Weight = FairQueue.WeightOf(SchedulingPolicy.Fair, changed.Nice);
                asleep.Add(changed);
                break;
            case 3 when running is not null:
                queue.Leave(running);
                asleep.Add(running);
                running = null;
                break;
            case 4 when running is not null:
                queue.PutBack(running, gaveUp: random.Next(2) == 0);
                waiting.Add(running);
                running = null;
                break;
            case 5 when running is null && asleep.Count != 0:
                running = Take(asleep, random);
                queue.JoinRunning(running);
                break;
            case 6 when running is null && waiting.Count != 0:
                running = queue.TakeNext();
                Assert.True(waiting.Remove(running));
                break;
            case 7:
                queue.Charge(random.NextInt64(2 * FairQueue.SliceNs));
                break;
        }
    }

    private static SchedulingEntity Take(List<SchedulingEntity> list, Random random)
    {
        int index = random.Next(list.Count);
        SchedulingEntity entity = list[index];
        list.RemoveAt(index);
        return entity;
    }

    private static void CheckTree(FairQueue queue, List<SchedulingEntity> waiting)
    {
        List<SchedulingEntity> inOrder = [];
        CheckNode(queue.Root, inOrder);
        Assert.Equal(waiting.Count, queue.Count);
        Assert.Equal(waiting.ToHashSet(), inOrder.ToHashSet());
        Assert.Equal(waiting.Count, inOrder.Count);
        IEnumerable<long> deadlines = inOrder.Select(static entity => entity.VirtualDeadline);
        Assert.Equal(deadlines.Order(), deadlines);
        Assert.All(inOrder, static entity => Assert.True(entity.IsQueued));
    }

    private static long CheckNode(SchedulingEntity? node, List<SchedulingEntity> inOrder)
    {
        if (node is null)
        {
            return long.MaxValue;
        }

        Assert.True(node.Left is null || node.Left.TreePriority <= node.TreePriority);
        Assert.True(node.Right is null || node.Right.TreePriority <= node.TreePriority);
        long least = CheckNode(node.Left, inOrder);
        inOrder.Add(node);
        least = Math.Min(Math.Min(least, node.VirtualTime), CheckNode(node.Right, inOrder));
        Assert.Equal(least, node.LeastVirtualTime);
        return least;
    }

    /// <summary>The average is that of all members by weight, in numbers that do not overflow.</summary>
    private static void CheckAccounts(FairQueue queue, List<SchedulingEntity> waiting, SchedulingEntity? running)
    {
        Int128 weights = 0;
        Int128 sum = 0;
        foreach (SchedulingEntity entity in running is null ? waiting : waiting.Append(running))
        {
            weights += entity.Weight;
            sum += (Int128)entity.Weight * entity.VirtualTime;
        }

        Assert.Equal((long)weights, queue.TotalWeight);
        if (weights != 0)
        {
            Assert.InRange(queue.Average, (long)(sum / weights) - 1, (long)(sum / weights) + 1);
        }
    }
}
