using System;
using System.Collections.Generic;
using System.Linq;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Tasks;
using Xunit;

namespace Cashew.Host.Tasks;

/// <summary>The pairing heap of timers, against a plain list.</summary>
public sealed class TimerQueueTests
{
    public TimerQueueTests()
    {
        Simulation.Reset();
    }

    public static IEnumerable<TheoryDataRow<int>> Seeds() =>
        Enumerable.Range(1, 20).Select(static seed => new TheoryDataRow<int>(seed));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Heap_agrees_with_a_list(int seed)
    {
        Random random = new(seed);
        TimerQueue queue = new();
        Silent target = new();
        Timer[] all = [.. Enumerable.Range(0, 60).Select(_ => new Timer(target))];
        List<Timer> armed = [];
        for (int step = 0; step < 3000; step++)
        {
            Timer timer = all[random.Next(all.Length)];
            switch (random.Next(4))
            {
                case 0 or 1:
                    queue.Arm(timer, new Nanoseconds(random.Next(1000)));
                    armed.Remove(timer);
                    armed.Add(timer);
                    break;
                case 2:
                    Assert.Equal(armed.Remove(timer), timer.Cancel());
                    break;
                case 3:
                    TakeOne(random, queue, armed);
                    break;
            }

            CheckHeap(queue, armed);
            Assert.Equal(armed.Count == 0 ? long.MaxValue : armed.Min(Deadline), queue.FirstDeadline.Value);
            Assert.All(all, other => Assert.Equal(armed.Contains(other), other.IsArmed));
        }
    }

    [Fact]
    public void Timers_come_out_by_deadline()
    {
        Random random = new(1);
        TimerQueue queue = new();
        Silent target = new();
        for (int i = 0; i < 1000; i++)
        {
            queue.Arm(new Timer(target), new Nanoseconds(random.Next(10_000)));
        }

        List<long> taken = [];
        while (queue.TakeExpired(Nanoseconds.Max) is { } timer)
        {
            taken.Add(timer.Deadline.Value);
        }

        Assert.Equal(1000, taken.Count);
        Assert.Equal(taken.Order(), taken);
    }

    private static void TakeOne(Random random, TimerQueue queue, List<Timer> armed)
    {
        Nanoseconds now = new(random.Next(600));
        Timer? taken = queue.TakeExpired(now);
        if (!armed.Any(timer => timer.Deadline <= now))
        {
            Assert.Null(taken);
            return;
        }

        Assert.NotNull(taken);
        Assert.Equal(armed.Min(Deadline), taken.Deadline.Value);
        Assert.True(armed.Remove(taken));
    }

    private static long Deadline(Timer timer) => timer.Deadline.Value;

    private static void CheckHeap(TimerQueue queue, List<Timer> armed)
    {
        HashSet<Timer> seen = [];
        if (queue.Root is { } root)
        {
            Assert.Null(root.Sibling);
            Visit(root);
        }

        Assert.Equal(armed.Count, seen.Count);
        Assert.True(seen.SetEquals(armed));

        void Visit(Timer timer)
        {
            Assert.True(seen.Add(timer));
            Timer previous = timer;
            for (Timer? child = timer.Child; child is not null; child = child.Sibling)
            {
                Assert.Same(previous, child.Previous);
                Assert.True(child.Deadline >= timer.Deadline);
                Visit(child);
                previous = child;
            }
        }
    }

    private sealed class Silent : TimerTarget
    {
        public override void Expired(Timer timer) => Assert.Fail("nobody waits here");
    }
}
