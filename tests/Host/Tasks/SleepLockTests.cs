using System;
using System.Collections.Generic;
using System.Linq;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Tasks;
using Xunit;

namespace Cashew.Host.Tasks;

public sealed class SleepLockTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void One_at_a_time_is_inside(int cpuCount)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            const int Rounds = 8;
            SleepLock sleepLock = new(LockRank.Directory);
            int inside = 0;
            int entered = 0;
            ThreadedMachine.RunOnAll(
                _ =>
                {
                    TestThread[] threads = [TestThread.Spawn(Work), TestThread.Spawn(Work)];
                    Work();
                    TestThread.JoinAll(threads);
                },
                new SimulationOptions { Seed = seed, CpuCount = cpuCount });
            Assert.Equal(3 * cpuCount * Rounds, entered);

            void Work()
            {
                for (int i = 0; i < Rounds; i++)
                {
                    using SleepLock.Guard guard = sleepLock.Acquire();
                    Assert.Equal(1, ++inside);
                    Assert.True(sleepLock.IsHeld);
                    entered++;
                    switch (i % 3)
                    {
                        case 0:
                            Scheduler.Yield();
                            break;
                        case 1:
                            Nap(microseconds: 20);
                            break;
                    }

                    inside--;
                }
            }
        }
    }

    [Fact]
    public void Those_who_wait_are_served_in_the_order_they_came()
    {
        ThreadedMachine.Run(static () =>
        {
            SleepLock sleepLock = new(LockRank.Directory);
            List<int> order = [];
            TestThread[] threads;
            using (sleepLock.Acquire())
            {
                threads = [.. Enumerable.Range(0, 6).Select(name => TestThread.Spawn(() =>
                {
                    Nap(microseconds: 100 * (name + 1));
                    using SleepLock.Guard guard = sleepLock.Acquire();
                    order.Add(name);
                    Nap(microseconds: 50);
                }))];
                Nap(microseconds: 5000);
                Assert.Empty(order);
            }

            TestThread.JoinAll(threads);
            Assert.Equal([0, 1, 2, 3, 4, 5], order);
        });
    }

    // The greedy one takes the lock again before anybody it has woken gets to run.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Whoever_takes_it_again_at_once_starves_nobody(int cpuCount)
    {
        for (int seed = 0; seed < 10; seed++)
        {
            SleepLock sleepLock = new(LockRank.Directory);
            bool isOver = false;
            int turns = 0;
            ThreadedMachine.RunOnAll(
                cpu =>
                {
                    TestThread greedy = TestThread.Spawn(() =>
                    {
                        while (!Volatile.Read(ref isOver))
                        {
                            using SleepLock.Guard guard = sleepLock.Acquire();
                            turns++;
                            Nap(microseconds: 100);
                        }
                    });
                    for (int i = 0; i < 10; i++)
                    {
                        int before = turns;
                        using SleepLock.Guard guard = sleepLock.Acquire();
                        // One turn that was under way, one taken in passing, and the same for the other
                        // processor.
                        Assert.InRange(turns - before, 0, 2 * cpuCount + 1);
                    }

                    Volatile.Write(ref isOver, true);
                    greedy.Join();
                },
                new SimulationOptions { Seed = seed, CpuCount = cpuCount });
        }
    }

    [Fact]
    public void Trying_takes_a_free_lock_only()
    {
        ThreadedMachine.Run(static () =>
        {
            SleepLock sleepLock = new(LockRank.Directory);
            bool isTaken = sleepLock.TryAcquire(out SleepLock.Guard guard);
            Assert.True(isTaken);
            TestThread other = TestThread.Spawn(() =>
            {
                Assert.False(sleepLock.IsHeld);
                bool isTakenTwice = sleepLock.TryAcquire(out SleepLock.Guard second);
                second.Dispose(); // an empty one: nothing happens
                Assert.False(isTakenTwice);
            });
            other.Join();
            Assert.True(sleepLock.IsHeld);
            guard.Dispose();
            Assert.False(sleepLock.IsHeld);
            isTaken = sleepLock.TryAcquire(out guard);
            Assert.True(isTaken);
            guard.Dispose();
        });
    }

    [Fact]
    public void The_lock_owns_what_it_protects()
    {
        ThreadedMachine.Run(static () =>
        {
            SleepLock<int> counter = new(LockRank.Directory, 40);
            for (int i = 0; i < 2; i++)
            {
                using SleepLock<int>.Guard guard = counter.Acquire();
                guard.State++;
                Assert.True(counter.IsHeld);
            }

            using SleepLock<int>.Guard last = counter.Acquire();
            Assert.Equal(42, last.State);
        });
    }

    [Fact]
    public void Order_of_ranks_is_checked()
    {
        AssertStops(static () =>
        {
            using SleepLock.Guard high = new SleepLock(LockRank.Pipe).Acquire();
            using SleepLock.Guard low = new SleepLock(LockRank.Directory).Acquire();
        });
        AssertStops(static () =>
        {
            using SleepLock.Guard first = new SleepLock(LockRank.Directory).Acquire();
            using SleepLock.Guard second = new SleepLock(LockRank.Directory).Acquire();
        });
    }

    [Fact]
    public void The_same_rank_twice_is_possible_under_another_name()
    {
        ThreadedMachine.Run(static () =>
        {
            SleepLock parent = new(LockRank.Directory);
            SleepLock child = new(LockRank.Directory);
            SleepLock victim = new(LockRank.Directory);
            for (int i = 0; i < 2; i++)
            {
                using SleepLock.Guard first = parent.Acquire();
                using SleepLock.Guard second = child.AcquireNested(LockRank.DirectoryNested);
                using SleepLock.Guard third = victim.AcquireNested(LockRank.DirectoryVictim);
                Assert.True(parent.IsHeld && child.IsHeld && victim.IsHeld);
            }

            using SleepLock.Guard again = child.Acquire();
            using SleepLock.Guard other = parent.AcquireNested(LockRank.DirectoryNested);
        });
        AssertStops(static () =>
        {
            using SleepLock.Guard first = new SleepLock(LockRank.Directory).AcquireNested(LockRank.DirectoryNested);
            using SleepLock.Guard second = new SleepLock(LockRank.Directory).Acquire();
        });
    }

    [Fact]
    public void Ranks_are_counted_for_each_thread()
    {
        ThreadedMachine.Run(static () =>
        {
            SleepLock high = new(LockRank.Pipe);
            SleepLock low = new(LockRank.Directory);
            using SleepLock.Guard guard = high.Acquire();
            TestThread.Spawn(() =>
            {
                using SleepLock.Guard other = low.Acquire();
            }).Join();
        });
    }

    [Fact]
    public void Taking_it_twice_stops_the_machine()
    {
        AssertStops(static () =>
        {
            SleepLock sleepLock = new(LockRank.Directory);
            using SleepLock.Guard first = sleepLock.Acquire();
            using SleepLock.Guard second = sleepLock.AcquireNested(LockRank.DirectoryNested);
        });
    }

    [Fact]
    public void A_signal_does_not_end_the_wait_for_a_lock()
    {
        ThreadedMachine.Run(static () =>
        {
            SleepLock sleepLock = new(LockRank.Directory);
            bool hasEntered = false;
            TestThread other;
            using (sleepLock.Acquire())
            {
                other = TestThread.Spawn(() =>
                {
                    using SleepLock.Guard guard = sleepLock.Acquire();
                    hasEntered = true;
                });
                Nap(microseconds: 100);
                other.RequestKill();
                other.Wake(); // from somewhere else
                Nap(microseconds: 100);
                Assert.False(hasEntered);
            }

            other.Join();
            Assert.True(hasEntered);
        });
    }

    private static void AssertStops(Action body) =>
        Assert.Contains("kernel panic", Assert.Throws<SimulationFailure>(() => ThreadedMachine.Run(body)).Message);

    private static void Nap(int microseconds) =>
        Sleep.For(Clock.Monotonic + Nanoseconds.FromMicroseconds(microseconds), SleepMode.Uninterruptible);
}
