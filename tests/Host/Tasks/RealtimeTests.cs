using System;
using System.Collections.Generic;
using System.Linq;
using Cashew.Machine;
using Cashew.Tasks;
using Xunit;

namespace Cashew.Host.Tasks;

/// <summary>sched(7), "SCHED_FIFO" and "SCHED_RR".</summary>
public sealed class RealtimeTests
{
    [Fact]
    public void Queue_agrees_with_a_list_for_each_priority()
    {
        const int Levels = 100;
        Random random = new(5);
        RealtimeQueue queue = new();
        List<Thread>[] model = [.. Enumerable.Range(0, Levels).Select(static _ => new List<Thread>())];
        List<(Thread Thread, int Priority)> waiting = [];
        for (int step = 0; step < 5000; step++)
        {
            int priority = random.Next(1, Levels);
            switch (random.Next(5))
            {
                case 0 or 1 when waiting.Count < 60:
                    Thread added = TestThread.Sketch();
                    bool atFront = random.Next(2) == 0;
                    queue.Add(added.Realtime, priority, atFront);
                    model[priority].Insert(atFront ? 0 : model[priority].Count, added);
                    waiting.Add((added, priority));
                    break;
                case 2 when waiting.Count != 0:
                    (Thread removed, int level) = waiting[random.Next(waiting.Count)];
                    queue.Remove(removed.Realtime, level);
                    Assert.False(removed.Realtime.IsQueued);
                    model[level].Remove(removed);
                    waiting.Remove((removed, level));
                    break;
                case 3 when waiting.Count != 0:
                    int highest = waiting.Max(static entry => entry.Priority);
                    Thread expected = model[highest][0];
                    Assert.Same(expected, queue.TakeNext());
                    model[highest].RemoveAt(0);
                    waiting.Remove((expected, highest));
                    break;
            }

            int top = waiting.Count == 0 ? 0 : waiting.Max(static entry => entry.Priority);
            Assert.Equal(top, queue.HighestPriority);
        }
    }

    [Theory]
    [InlineData(SchedulingPolicy.Fifo)]
    [InlineData(SchedulingPolicy.RoundRobin)]
    public void Real_time_runs_before_anything_fair(SchedulingPolicy policy)
    {
        ThreadedMachine.Run(() =>
        {
            MakeMainUrgent();
            TestThread fair = Spawn(SchedulingPolicy.Fair, 0, 1000, nice: -20);
            TestThread realtime = Spawn(policy, 1, 50);

            realtime.Join();

            // Its first steps tell the main thread that the other one has ended.
            Assert.InRange(fair.Context.ProcessorNs, 0, Ms(1));
        });
    }

    [Fact]
    public void A_loop_leaves_a_twentieth_to_the_fair_class()
    {
        ThreadedMachine.Run(static () =>
        {
            MakeMainUrgent();
            TestThread fair = Spawn(SchedulingPolicy.Fair, 0, 1000);
            TestThread loop = Spawn(SchedulingPolicy.Fifo, 10, 5000);

            SleepFor(3010);

            Assert.InRange(fair.Context.ProcessorNs, Ms(140), Ms(160));
            TestThread.JoinAll(loop, fair);
        });
    }

    [Fact]
    public void Higher_priority_preempts_at_once()
    {
        ThreadedMachine.Run(static () =>
        {
            MakeMainUrgent();
            TestThread low = Spawn(SchedulingPolicy.Fifo, 10, 50);
            Nanoseconds due = Clock.Monotonic + Nanoseconds.FromMilliseconds(20);
            TestThread high = TestThread.Create(() =>
            {
                Sleep.For(due, SleepMode.Uninterruptible);
                Assert.InRange((Clock.Monotonic - due).Value, 0, 100_000);
            });
            Start(high, SchedulingPolicy.Fifo, 11);

            TestThread.JoinAll(high, low);
        });
    }

    [Fact]
    public void First_in_first_out_never_gives_way_to_an_equal()
    {
        ThreadedMachine.Run(static () =>
        {
            MakeMainUrgent();
            List<int> order = [];
            TestThread first = SpawnRecording(order, 1, SchedulingPolicy.Fifo, 10, 500);
            TestThread second = SpawnRecording(order, 2, SchedulingPolicy.Fifo, 10, 10);
            TestThread lower = SpawnRecording(order, 3, SchedulingPolicy.Fifo, 9, 10);
            TestThread.JoinAll(first, second, lower);
            Assert.Equal([1, 2, 3], order);
            Assert.Equal(0, first.InvoluntarySwitches);
        });
    }

    [Fact]
    public void Round_robin_takes_turns_among_equals()
    {
        ThreadedMachine.Run(static () =>
        {
            MakeMainUrgent();
            TestThread first = Spawn(SchedulingPolicy.RoundRobin, 10, 1000);
            TestThread second = Spawn(SchedulingPolicy.RoundRobin, 10, 1000);
            TestThread lower = Spawn(SchedulingPolicy.RoundRobin, 9, 1000);
            for (int turn = 1; turn <= 6; turn++)
            {
                SleepFor(100);
                AssertNear((turn + 1) / 2 * 100, first);
                AssertNear(turn / 2 * 100, second);
            }

            Assert.Equal(0, lower.Context.ProcessorNs);
        });
    }

    // "A SCHED_RR thread that has been preempted by a higher priority thread and subsequently resumes
    // execution as a running thread will complete the unexpired portion of its round-robin time quantum."
    [Fact]
    public void A_preempted_turn_is_completed_and_not_begun_anew()
    {
        ThreadedMachine.Run(static () =>
        {
            MakeMainUrgent();
            TestThread first = Spawn(SchedulingPolicy.RoundRobin, 10, 1000);
            TestThread second = Spawn(SchedulingPolicy.RoundRobin, 10, 1000);
            TestThread disturber = TestThread.Create(static () =>
            {
                for (int i = 0; i < 20; i++)
                {
                    SleepFor(30);
                    ThreadedMachine.Compute(milliseconds: 1);
                }
            });
            Start(disturber, SchedulingPolicy.Fifo, 50);

            disturber.Join();

            // 600 ms between the two: three turns each.
            Assert.InRange(first.Context.ProcessorNs, Ms(295), Ms(305));
            Assert.InRange(second.Context.ProcessorNs, Ms(295), Ms(305));
        });
    }

    [Fact]
    public void A_turn_used_up_alone_begins_anew_when_an_equal_comes()
    {
        ThreadedMachine.Run(static () =>
        {
            MakeMainUrgent();
            TestThread first = Spawn(SchedulingPolicy.RoundRobin, 10, 1000);
            SleepFor(250);
            TestThread second = Spawn(SchedulingPolicy.RoundRobin, 10, 1000);

            SleepFor(95);
            Assert.Equal(0, second.Context.ProcessorNs);
            SleepFor(10);
            Assert.InRange(second.Context.ProcessorNs, Ms(3), Ms(7));
            Assert.InRange(first.Context.ProcessorNs, Ms(348), Ms(352));
        });
    }

    [Fact]
    public void Yield_goes_to_the_end_of_the_own_priority_only()
    {
        ThreadedMachine.Run(static () =>
        {
            MakeMainUrgent();
            List<int> order = [];
            TestThread first = TestThread.Create(() =>
            {
                order.Add(1);
                Scheduler.Yield();
                order.Add(11);
            });
            Start(first, SchedulingPolicy.Fifo, 10);
            TestThread second = SpawnRecording(order, 2, SchedulingPolicy.Fifo, 10, 1);
            TestThread lower = SpawnRecording(order, 3, SchedulingPolicy.Fifo, 9, 1);
            TestThread.JoinAll(first, second, lower);
            Assert.Equal([1, 2, 11, 3], order);
        });
    }

    // sched(7), SCHED_FIFO, point 4.
    [Theory]
    [InlineData(11, 10, new[] { 2, 3, 1 })] // raised to 11 from 10: behind those already there
    [InlineData(11, 12, new[] { 1, 2, 3 })] // lowered to 11 from 12: before them
    public void A_new_priority_decides_the_place_among_the_equals(int priority, int oldPriority, int[] expected)
    {
        ThreadedMachine.Run(() =>
        {
            MakeMainUrgent();
            List<int> order = [];
            TestThread changed = SpawnRecording(order, 1, SchedulingPolicy.Fifo, oldPriority, 1);
            TestThread second = SpawnRecording(order, 2, SchedulingPolicy.Fifo, 11, 1);
            TestThread third = SpawnRecording(order, 3, SchedulingPolicy.Fifo, 11, 1);

            Scheduler.SetPolicy(changed, SchedulingPolicy.Fifo, priority, nice: 0);

            TestThread.JoinAll(changed, second, third);
            Assert.Equal(expected, order);
        });
    }

    [Fact]
    public void The_same_priority_again_keeps_the_place()
    {
        ThreadedMachine.Run(static () =>
        {
            MakeMainUrgent();
            List<int> order = [];
            TestThread first = SpawnRecording(order, 1, SchedulingPolicy.Fifo, 10, 1);
            TestThread second = SpawnRecording(order, 2, SchedulingPolicy.Fifo, 10, 1);

            Scheduler.SetPolicy(first, SchedulingPolicy.RoundRobin, 10, nice: 0);

            TestThread.JoinAll(first, second);
            Assert.Equal([1, 2], order);
        });
    }

    [Fact]
    public void Leaving_the_real_time_class_makes_way_for_it()
    {
        ThreadedMachine.Run(static () =>
        {
            MakeMainUrgent();
            List<int> order = [];
            TestThread first = TestThread.Create(() =>
            {
                Scheduler.SetPolicy(Thread.Current, SchedulingPolicy.Fair, 0, nice: 0);
                Scheduler.RescheduleIfWanted();
                order.Add(1);
            });
            Start(first, SchedulingPolicy.Fifo, 20);
            TestThread second = SpawnRecording(order, 2, SchedulingPolicy.Fifo, 10, 1);
            TestThread.JoinAll(first, second);
            Assert.Equal([2, 1], order);
        });
    }

    [Fact]
    public void Policies_changed_at_random_lose_nobody()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Random random = new(seed);
            ThreadedMachine.Run(
                () =>
                {
                    MakeMainUrgent();
                    TestThread[] threads =
                        [.. Enumerable.Range(0, 8).Select(_ => Spawn(SchedulingPolicy.Fair, 0, random.Next(1, 60)))];
                    for (int i = 0; i < 100; i++)
                    {
                        TestThread changed = threads[random.Next(threads.Length)];
                        SchedulingPolicy policy = (SchedulingPolicy)random.Next(5);
                        bool isRealtime = policy is SchedulingPolicy.Fifo or SchedulingPolicy.RoundRobin;
                        Scheduler.SetPolicy(changed, policy, isRealtime ? random.Next(1, 99) : 0, random.Next(-20, 20));
                        SleepFor(random.Next(3));
                    }

                    TestThread.JoinAll(threads);
                    Assert.Equal(1, Scheduler.RunnableCount);
                },
                new() { Seed = seed });
        }
    }

    private static void MakeMainUrgent() => Scheduler.SetPolicy(Thread.Current, SchedulingPolicy.Fifo, 99, nice: 0);

    private static TestThread Spawn(SchedulingPolicy policy, int priority, int computeMs, int nice = 0)
    {
        TestThread thread = TestThread.Create(() => ThreadedMachine.Compute(computeMs));
        Start(thread, policy, priority, nice);
        return thread;
    }

    private static TestThread SpawnRecording(
        List<int> order, int name, SchedulingPolicy policy, int priority, int computeMs)
    {
        TestThread thread = TestThread.Create(() =>
        {
            ThreadedMachine.Compute(computeMs);
            order.Add(name);
        });
        Start(thread, policy, priority);
        return thread;
    }

    private static void Start(TestThread thread, SchedulingPolicy policy, int priority, int nice = 0)
    {
        Scheduler.SetPolicy(thread, policy, priority, nice);
        thread.Start();
    }

    private static void AssertNear(int milliseconds, TestThread thread) =>
        Assert.InRange(thread.Context.ProcessorNs, Ms(milliseconds - 1), Ms(milliseconds + 1));

    private static void SleepFor(int milliseconds) =>
        Sleep.For(Clock.Monotonic + Nanoseconds.FromMilliseconds(milliseconds), SleepMode.Uninterruptible);

    private static long Ms(long milliseconds) => milliseconds * Nanoseconds.PerMillisecond;
}
