using System;
using System.Collections.Generic;
using System.Linq;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Tasks;
using Xunit;

namespace Cashew.Host.Tasks;

public sealed class AccountingTests
{
    // What the scheduler cannot know: the moment of the switch itself.
    private const long SwitchNs = 5_000;

    [Fact]
    public void Times_on_the_processor_are_those_of_the_machine()
    {
        ThreadedMachine.Run(static () =>
        {
            Nanoseconds start = Clock.Monotonic;
            TestThread[] threads = [.. Enumerable.Range(1, 5).Select(static i => TestThread.Spawn(() =>
            {
                for (int round = 0; round < 5; round++)
                {
                    ThreadedMachine.Compute(Nanoseconds.FromMicroseconds(i * 3000));
                    Sleep.For(Clock.Monotonic + Nanoseconds.FromMilliseconds(i), SleepMode.Uninterruptible);
                }
            }))];
            for (int i = 0; i < 50; i++)
            {
                Sleep.For(Clock.Monotonic + Nanoseconds.FromMilliseconds(3), SleepMode.Uninterruptible);
                foreach (TestThread thread in threads)
                {
                    long switches = thread.VoluntarySwitches + thread.InvoluntarySwitches + 1;
                    long actual = thread.Context.ProcessorNs;
                    Assert.InRange(thread.CpuTime.Value, actual - switches * SwitchNs, actual + switches * SwitchNs);
                }
            }

            TestThread.JoinAll(threads);
            long busy = threads.Append((Thread)TestThread.Current).Sum(static thread => thread.CpuTime.Value);
            long idle = Scheduler.IdleTimeOf(0).Value;
            long elapsed = (Clock.Monotonic - start).Value;
            Assert.InRange(busy + idle, elapsed - 1_000_000, elapsed + 1_000_000);
            Assert.InRange(idle, 1, elapsed);
        });
    }

    [Fact]
    public void Idle_time_goes_on_while_nobody_runs_and_stands_still_otherwise()
    {
        ThreadedMachine.Run(static () =>
        {
            Sleep.For(Clock.Monotonic + Nanoseconds.FromMilliseconds(100), SleepMode.Uninterruptible);
            long idle = Scheduler.IdleTimeOf(0).Value;
            Assert.InRange(idle, 99_000_000, 101_000_000);
            ThreadedMachine.Compute(milliseconds: 50);
            Assert.Equal(idle, Scheduler.IdleTimeOf(0).Value);
        });
    }

    [Fact]
    public void Without_samples_all_time_is_the_program_s()
    {
        ThreadedMachine.Run(static () =>
        {
            ThreadedMachine.Compute(milliseconds: 7);
            Assert.Equal(Nanoseconds.Zero, Thread.Current.SystemTime);
            Assert.InRange(Thread.Current.UserTime.Value, 7_000_000, 7_100_000);
        });
    }

    [Fact]
    public void Samples_split_the_time_in_proportion()
    {
        ThreadedKernel kernel = new();
        ThreadedMachine.Run(
            () =>
            {
                TestThread other = TestThread.Spawn(static () => ThreadedMachine.Compute(milliseconds: 1000));
                TestThread sampled = TestThread.Spawn(() =>
                {
                    for (int i = 0; i < 100; i++)
                    {
                        kernel.IsInUser = true;
                        ThreadedMachine.Compute(milliseconds: 6);
                        kernel.IsInUser = false;
                        ThreadedMachine.Compute(milliseconds: 2);
                    }
                });
                sampled.Join();

                Assert.InRange(sampled.UserTime.Value / 1_000_000, 540, 660);
                Assert.InRange(sampled.SystemTime.Value / 1_000_000, 140, 260);
                Assert.InRange(sampled.CpuTime.Value / 1_000_000, 800, 802);
                Assert.True(other.IsRunnable);
            },
            kernel: kernel);
    }

    [Fact]
    public void Neither_part_ever_goes_back()
    {
        ThreadedMachine.Run(static () =>
        {
            Random random = new(4);
            Thread self = Thread.Current;
            Nanoseconds user = Nanoseconds.Zero;
            Nanoseconds system = Nanoseconds.Zero;
            for (int i = 0; i < 500; i++)
            {
                Accounting.Sample(wasInUser: random.Next(3) != 0);
                ThreadedMachine.Compute(Nanoseconds.FromMicroseconds(random.Next(2000)));
                Nanoseconds newSystem = self.SystemTime;
                Nanoseconds newUser = self.UserTime;
                Assert.True(newUser >= user && newSystem >= system);
                Assert.InRange((newUser + newSystem - self.CpuTime).Value, -10_000, 10_000);
                user = newUser;
                system = newSystem;
            }

            Assert.InRange(system.Value * 1.0 / (system + user).Value, 0.25, 0.45);
        });
    }
}
