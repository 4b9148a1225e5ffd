using System;
using System.Collections.Generic;
using System.Linq;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Tasks;
using Xunit;

namespace Cashew.Host.Tasks;

public sealed class WaitQueueTests
{
    [Fact]
    public void Queue_agrees_with_a_list()
    {
        Simulation.Reset();
        Random random = new(3);
        WaitQueue queue = new();
        List<Recorder> told = [];
        List<Recorder> waiting = [];
        Recorder[] all = [.. Enumerable.Range(0, 12).Select(_ => new Recorder(told))];
        for (int step = 0; step < 3000; step++)
        {
            Recorder entry = all[random.Next(all.Length)];
            if (random.Next(3) == 0)
            {
                queue.Remove(entry);
                waiting.Remove(entry);
            }
            else if (!entry.IsQueued)
            {
                entry.IsExclusive = random.Next(2) == 0;
                entry.Interest = (uint)random.Next(4);
                entry.UsesWakeUp = random.Next(3) != 0;
                queue.Add(entry);
                waiting.Add(entry);
            }

            uint events = (uint)random.Next(4);
            int exclusive = random.Next(4);
            told.Clear();
            queue.Wake(events, exclusive);
            Assert.Equal(Expected(waiting, events, exclusive), told);
            Assert.Equal(waiting.Count == 0, queue.IsEmpty);
            Assert.Equal(waiting.Contains(entry), entry.IsQueued);
        }
    }

    [Fact]
    public void Everybody_is_told_exclusive_or_not()
    {
        Simulation.Reset();
        WaitQueue queue = new();
        List<Recorder> told = [];
        for (int i = 0; i < 6; i++)
        {
            queue.Add(new Recorder(told) { IsExclusive = i % 2 == 0 });
        }

        queue.WakeAll();

        Assert.Equal(6, told.Count);
    }

    [Fact]
    public void An_entry_may_leave_while_it_is_told()
    {
        Simulation.Reset();
        WaitQueue first = new();
        WaitQueue second = new();
        List<Recorder> told = [];
        Recorder entry = new(told);
        first.Add(entry);

        second.Remove(entry); // not there: nothing happens
        Assert.True(entry.IsQueued);
        first.Remove(entry);
        second.Add(entry);
        first.WakeAll();

        Assert.Empty(told);
        second.WakeAll();
        Assert.Equal([entry], told);
    }

    [Fact]
    public void Queuing_twice_stops_the_machine()
    {
        Simulation.Reset();
        WaitQueue queue = new();
        Recorder entry = new([]);
        queue.Add(entry);

        Assert.Throws<SimulationFailure>(() => queue.Add(entry));
        Assert.Throws<SimulationFailure>(() => new WaitQueue().Add(entry));
    }

    // Each side changes something and wakes the other, then waits for the other's change: one lost wake-up
    // and everybody sleeps, which the simulation reports.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void No_wake_up_is_lost_between_looking_and_sleeping(int cpuCount)
    {
        for (int seed = 0; seed < 100 / (cpuCount * cpuCount) + 20; seed++)
        {
            const int Rounds = 10;
            WaitQueue queue = new();
            int turn = 0;
            int sides = 2 * cpuCount;
            ThreadedMachine.RunOnAll(
                cpu =>
                {
                    TestThread other = TestThread.Spawn(() => Play(2 * cpu + 1));
                    Play(2 * cpu);
                    other.Join();
                },
                new SimulationOptions { Seed = seed, CpuCount = cpuCount });
            Assert.Equal(Rounds * sides, turn);

            void Play(int side)
            {
                for (int round = 0; round < Rounds; round++)
                {
                    TurnOf condition = new(() => Volatile.Read(ref turn) % sides == side);
                    Sleep.Until(queue, ref condition, SleepMode.Uninterruptible, Nanoseconds.Max);
                    Volatile.Write(ref turn, turn + 1);
                    queue.Wake();
                }
            }
        }
    }

    // As many exclusive wake-ups as items, given one at a time, while consumers come and go.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_exclusive_wake_up_reaches_somebody_who_still_waits(int cpuCount)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            WaitQueue queue = new();
            int items = 0;
            int eaten = 0;
            ThreadedMachine.RunOnAll(
                _ =>
                {
                    // Each eats one and leaves, perhaps with the next one's wake-up.
                    TestThread[] consumers = [.. Enumerable.Range(0, 10).Select(_ => TestThread.Spawn(EatOne))];
                    Scheduler.Yield();
                    for (int i = 0; i < 10; i++)
                    {
                        Interlocked.Increment(ref items);
                        queue.Wake();
                        if (i % 3 == 0)
                        {
                            Scheduler.Yield();
                        }
                    }

                    TestThread.JoinAll(consumers);
                },
                new SimulationOptions { Seed = seed, CpuCount = cpuCount });
            Assert.Equal(0, items);
            Assert.Equal(10 * cpuCount, eaten);

            void EatOne()
            {
                TurnOf condition = new(TryEat);
                Sleep.UntilExclusive(queue, ref condition, SleepMode.Uninterruptible, Nanoseconds.Max);
                Interlocked.Increment(ref eaten);
            }

            bool TryEat()
            {
                int seen = Volatile.Read(ref items);
                while (seen > 0)
                {
                    int current = Interlocked.CompareExchange(ref items, seen - 1, seen);
                    if (current == seen)
                    {
                        return true;
                    }

                    seen = current;
                }

                return false;
            }
        }
    }

    [Fact]
    public void Exclusive_sleepers_are_woken_in_the_order_they_came()
    {
        ThreadedMachine.Run(static () =>
        {
            WaitQueue queue = new();
            List<int> order = [];
            int permits = 0;
            TestThread[] threads = new TestThread[5];
            for (int i = 0; i < threads.Length; i++)
            {
                int name = i;
                threads[i] = TestThread.Spawn(() =>
                {
                    TurnOf condition = new(() => permits > 0);
                    Sleep.UntilExclusive(queue, ref condition, SleepMode.Uninterruptible, Nanoseconds.Max);
                    permits--;
                    order.Add(name);
                });
                Scheduler.Yield();
            }

            Nap();
            for (int i = 0; i < threads.Length; i++)
            {
                permits++;
                queue.Wake();
                Nap();
                Assert.Equal(i + 1, order.Count);
            }

            Assert.Equal([0, 1, 2, 3, 4], order);
        });
    }

    private static void Nap() =>
        Sleep.For(Clock.Monotonic + Nanoseconds.FromMilliseconds(1), SleepMode.Uninterruptible);

    private static List<Recorder> Expected(List<Recorder> waiting, uint events, int exclusive)
    {
        List<Recorder> expected = [];
        foreach (Recorder entry in waiting)
        {
            bool isInterested = events == 0 || entry.Interest == 0 || (entry.Interest & events) != 0;
            if (isInterested && (!entry.IsExclusive || exclusive > 0))
            {
                expected.Add(entry);
                exclusive -= entry.IsExclusive && entry.UsesWakeUp ? 1 : 0;
            }
        }

        return expected;
    }

    private sealed class Recorder(List<Recorder> told) : WaitEntry
    {
        internal bool UsesWakeUp { get; set; } = true;

        public override bool OnWake(uint events)
        {
            told.Add(this);
            return UsesWakeUp;
        }
    }

    private readonly struct TurnOf(Func<bool> isMet) : ISleepCondition
    {
        public bool IsMet() => isMet();
    }
}
