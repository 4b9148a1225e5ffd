using System;
using System.Collections.Generic;
using System.Linq;
using Cashew.Machine;
using Cashew.Tasks;
using Xunit;

namespace Cashew.Host.Tasks;

/// <summary>What threads of the fair class get in the end, by the simulated machine's own account.</summary>
public sealed class FairnessTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 0, 0)]
    [InlineData(0, 5)]
    [InlineData(-5, 0, 5)]
    [InlineData(-20, 19)]
    [InlineData(19, 19, 0)]
    public void Shares_follow_the_nice_values(params int[] nices)
    {
        ThreadedMachine.Run(() =>
        {
            TestThread[] threads = [.. nices.Select(static nice => Hog(SchedulingPolicy.Fair, nice))];

            SleepFor(milliseconds: 2000);

            double total = threads.Sum(static thread => thread.Context.ProcessorNs);
            double weights = threads.Sum(static thread => thread.Entity.Weight);
            foreach (TestThread thread in threads)
            {
                double wanted = thread.Entity.Weight / weights * total;
                Assert.InRange(thread.Context.ProcessorNs, wanted - FairQueue.SliceNs * 2, wanted + FairQueue.SliceNs * 2);
            }
        });
    }

    [Fact]
    public void Nobody_waits_longer_than_a_round_among_equals()
    {
        ThreadedMachine.Run(static () =>
        {
            const int Count = 20;
            TestThread[] threads = [.. Enumerable.Range(0, Count).Select(static _ => Hog(SchedulingPolicy.Fair, 0))];
            long[] before = new long[Count];
            for (int round = 0; round < 10; round++)
            {
                SleepFor(milliseconds: 2 * Count * (int)(FairQueue.SliceNs / Nanoseconds.PerMillisecond));
                for (int i = 0; i < Count; i++)
                {
                    Assert.True(threads[i].Context.ProcessorNs > before[i]);
                    before[i] = threads[i].Context.ProcessorNs;
                }
            }

            Assert.InRange(before.Max() - before.Min(), 0, 2 * FairQueue.SliceNs);
        });
    }

    [Fact]
    public void A_batch_thread_gets_as_much_as_any_and_an_idle_one_next_to_nothing()
    {
        ThreadedMachine.Run(static () =>
        {
            TestThread fair = Hog(SchedulingPolicy.Fair, 0);
            TestThread batch = Hog(SchedulingPolicy.Batch, 0);
            TestThread idle = Hog(SchedulingPolicy.Idle, 0);

            SleepFor(milliseconds: 3000);

            Assert.InRange(fair.Context.ProcessorNs, Ms(1480), Ms(1510));
            Assert.InRange(batch.Context.ProcessorNs, Ms(1480), Ms(1510));
            Assert.InRange(idle.Context.ProcessorNs, 1, Ms(12));
        });
    }

    [Fact]
    public void Whoever_sleeps_most_of_the_time_runs_within_a_slice_of_waking()
    {
        ThreadedMachine.Run(static () =>
        {
            Hog(SchedulingPolicy.Fair, 0);
            Hog(SchedulingPolicy.Fair, 0);
            Hog(SchedulingPolicy.Fair, 0);
            TestThread interactive = TestThread.Spawn(static () =>
            {
                for (int i = 0; i < 100; i++)
                {
                    Nanoseconds due = Clock.Monotonic + Nanoseconds.FromMilliseconds(15);
                    Sleep.For(due, SleepMode.Uninterruptible);
                    Assert.InRange((Clock.Monotonic - due).Value, 0, FairQueue.SliceNs + Ms(1));
                    ThreadedMachine.Compute(Nanoseconds.FromMicroseconds(200));
                }
            });
            interactive.Join();
        });
    }

    // The one on the processor has not been charged for a long time when the other one comes.
    [Fact]
    public void A_long_sleep_earns_nothing()
    {
        ThreadedMachine.Run(static () =>
        {
            TestThread hog = Hog(SchedulingPolicy.Fair, 0);
            TestThread sleeper = TestThread.Spawn(static () =>
            {
                SleepFor(milliseconds: 1000);
                ThreadedMachine.Compute(milliseconds: 10_000);
            });
            SleepFor(milliseconds: 1000);
            long before = hog.Context.ProcessorNs;

            SleepFor(milliseconds: 100);

            Assert.InRange(hog.Context.ProcessorNs - before, Ms(40), Ms(60));
            Assert.InRange(sleeper.Context.ProcessorNs, Ms(40), Ms(60));
        });
    }

    [Theory]
    [InlineData(3000, 1)]
    [InlineData(3000, 50)]
    [InlineData(6000, 1)]
    [InlineData(1000, 1)]
    public void Short_sleeps_do_not_evade_what_is_owed(int computeUs, int sleepUs)
    {
        ThreadedMachine.Run(() =>
        {
            TestThread hog = Hog(SchedulingPolicy.Fair, 0);
            TestThread evader = TestThread.Spawn(() =>
            {
                while (true)
                {
                    ThreadedMachine.Compute(Nanoseconds.FromMicroseconds(computeUs));
                    Sleep.For(Clock.Monotonic + Nanoseconds.FromMicroseconds(sleepUs), SleepMode.Uninterruptible);
                }
            });

            SleepFor(milliseconds: 2000);

            // It may get less: while it sleeps it does not compete.
            Assert.InRange(evader.Context.ProcessorNs, 1, Ms(1000) + 3 * FairQueue.SliceNs);
            Assert.True(hog.Context.ProcessorNs >= Ms(1000) - 3 * FairQueue.SliceNs);
        });
    }

    [Fact]
    public void A_crowd_of_sleepers_does_not_starve_the_busy()
    {
        ThreadedMachine.Run(static () =>
        {
            const int Sleepers = 10;
            TestThread hog = Hog(SchedulingPolicy.Fair, 0);
            for (int i = 0; i < Sleepers; i++)
            {
                TestThread.Spawn(static () =>
                {
                    while (true)
                    {
                        SleepFor(milliseconds: 5);
                        ThreadedMachine.Compute(Nanoseconds.FromMicroseconds(900));
                    }
                });
            }

            SleepFor(milliseconds: 2000);

            Assert.True(hog.Context.ProcessorNs >= Ms(2000 / (Sleepers + 1)) - 3 * FairQueue.SliceNs);
        });
    }

    [Fact]
    public void Whoever_yields_all_the_time_lives_and_lets_live()
    {
        ThreadedMachine.Run(static () =>
        {
            TestThread hog = Hog(SchedulingPolicy.Fair, 0);
            TestThread polite = TestThread.Spawn(static () =>
            {
                while (true)
                {
                    ThreadedMachine.Compute(Nanoseconds.FromMicroseconds(10));
                    Scheduler.Yield();
                }
            });

            SleepFor(milliseconds: 500);

            Assert.InRange(hog.Context.ProcessorNs, Ms(250), Ms(499));
            Assert.InRange(polite.Context.ProcessorNs, Ms(1), Ms(250));
        });
    }

    [Fact]
    public void A_new_nice_value_counts_from_then_on()
    {
        ThreadedMachine.Run(static () =>
        {
            TestThread first = Hog(SchedulingPolicy.Fair, 0);
            TestThread second = Hog(SchedulingPolicy.Fair, 0);
            SleepFor(milliseconds: 300);
            Assert.InRange(first.Context.ProcessorNs, Ms(145), Ms(155));
            long before = first.Context.ProcessorNs;

            first.Nice = 5; // 335 to 1024
            SleepFor(milliseconds: 1000);

            Assert.InRange(first.Context.ProcessorNs - before, Ms(235), Ms(258));
            Assert.True(second.IsRunnable);
        });
    }

    [Fact]
    public void The_running_thread_can_make_itself_nicer()
    {
        ThreadedMachine.Run(static () =>
        {
            TestThread hog = Hog(SchedulingPolicy.Fair, 0);
            TestThread nicer = TestThread.Spawn(static () =>
            {
                ThreadedMachine.Compute(milliseconds: 50);
                Thread.Current.Nice = 19;
                ThreadedMachine.Compute(milliseconds: 10_000);
            });

            SleepFor(milliseconds: 1100);

            // 50 of the first 100 ms, then 15 parts of 1039 of 1000 ms.
            Assert.InRange(nicer.Context.ProcessorNs, Ms(50), Ms(50 + 15 + 7));
            Assert.True(hog.Context.ProcessorNs > Ms(1000));
        });
    }

    [Fact]
    public void One_alone_is_not_interrupted()
    {
        CountingKernel kernel = new();
        ThreadedMachine.Run(
            () =>
            {
                int before = kernel.Count;
                ThreadedMachine.Compute(milliseconds: 1000);
                Assert.Equal(before, kernel.Count);
            },
            kernel: kernel);
        Assert.Equal(0, kernel.Count);
    }

    private static TestThread Hog(SchedulingPolicy policy, int nice)
    {
        TestThread thread = TestThread.Create(static () => ThreadedMachine.Compute(milliseconds: 1_000_000));
        Scheduler.SetPolicy(thread, policy, realtimePriority: 0, nice);
        thread.Start();
        return thread;
    }

    private static void SleepFor(int milliseconds) =>
        Sleep.For(Clock.Monotonic + Nanoseconds.FromMilliseconds(milliseconds), SleepMode.Uninterruptible);

    private static long Ms(long milliseconds) => milliseconds * Nanoseconds.PerMillisecond;

    private sealed class CountingKernel : ThreadedKernel
    {
        internal int Count { get; private set; }

        public override void TimerExpired()
        {
            Count++;
            base.TimerExpired();
        }
    }
}
