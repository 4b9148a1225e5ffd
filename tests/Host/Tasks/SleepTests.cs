using System;
using System.Collections.Generic;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Tasks;
using Xunit;

namespace Cashew.Host.Tasks;

public sealed class SleepTests
{
    [Fact]
    public void A_sleep_lasts_as_long_as_asked_and_little_longer()
    {
        ThreadedMachine.Run(static () =>
        {
            for (int i = 1; i < 50; i++)
            {
                Nanoseconds due = Clock.Monotonic + Nanoseconds.FromMicroseconds(i * 37);
                Assert.Equal(WakeReason.TimedOut, Sleep.For(due, SleepMode.Interruptible));
                Assert.InRange((Clock.Monotonic - due).Value, 0, 50_000);
            }
        });
    }

    [Fact]
    public void A_deadline_in_the_past_is_over_at_once()
    {
        ThreadedMachine.Run(static () =>
        {
            long switches = Thread.Current.VoluntarySwitches;
            Assert.Equal(WakeReason.TimedOut, Sleep.For(Nanoseconds.Zero, SleepMode.Uninterruptible));
            Assert.Equal(switches, Thread.Current.VoluntarySwitches);
        });
    }

    [Fact]
    public void A_condition_that_holds_already_needs_no_sleep_and_beats_deadline_and_signal()
    {
        ThreadedMachine.Run(static () =>
        {
            WaitQueue queue = new();
            long switches = Thread.Current.VoluntarySwitches;
            Thread.Current.RequestInterrupt();
            Condition condition = new(static () => true);

            WakeReason reason = Sleep.Until(queue, ref condition, SleepMode.Interruptible, Nanoseconds.Zero);

            Assert.Equal(WakeReason.Woken, reason);
            Assert.Equal(switches, Thread.Current.VoluntarySwitches);
            Assert.True(queue.IsEmpty);
        });
    }

    [Fact]
    public void The_condition_is_looked_at_once_more_when_time_is_up()
    {
        ThreadedMachine.Run(static () =>
        {
            WaitQueue queue = new();
            Nanoseconds due = Clock.Monotonic + Nanoseconds.FromMilliseconds(1);
            Condition met = new(() => Clock.Monotonic >= due);
            Condition unmet = new(static () => false);

            Assert.Equal(WakeReason.Woken, Sleep.Until(queue, ref met, SleepMode.Uninterruptible, due));
            Assert.Equal(WakeReason.TimedOut, Sleep.Until(queue, ref unmet, SleepMode.Uninterruptible, due));
            Assert.True(queue.IsEmpty);
        });
    }

    [Theory]
    [InlineData(SleepMode.Uninterruptible, false, false)]
    [InlineData(SleepMode.Uninterruptible, true, false)]
    [InlineData(SleepMode.Killable, false, false)]
    [InlineData(SleepMode.Killable, true, true)]
    [InlineData(SleepMode.Interruptible, false, true)]
    [InlineData(SleepMode.Interruptible, true, true)]
    public void Signals_end_the_sleeps_that_allow_them(SleepMode mode, bool isFatal, bool ends)
    {
        foreach (bool isBefore in new[] { true, false })
        {
            ThreadedMachine.Run(() =>
            {
                Nanoseconds due = Clock.Monotonic + Nanoseconds.FromMilliseconds(5);
                WakeReason reason = WakeReason.Woken;
                TestThread sleeper = TestThread.Create(() => reason = Sleep.For(due, mode));
                if (isBefore)
                {
                    Request(sleeper);
                }

                sleeper.Start();
                Sleep.For(Clock.Monotonic + Nanoseconds.FromMilliseconds(1), SleepMode.Uninterruptible);
                if (!isBefore)
                {
                    Assert.Equal(mode == SleepMode.Uninterruptible, sleeper.IsBlockedUninterruptibly);
                    Request(sleeper);
                }

                sleeper.Join();
                Assert.Equal(ends ? WakeReason.Interrupted : WakeReason.TimedOut, reason);
                Assert.Equal(ends, Clock.Monotonic < due);
                Assert.True(sleeper.IsInterruptRequested);
                Assert.Equal(isFatal, sleeper.IsKillRequested);
            });
        }

        void Request(Thread thread)
        {
            if (isFatal)
            {
                thread.RequestKill();
            }
            else
            {
                thread.RequestInterrupt();
            }
        }
    }

    [Fact]
    public void A_signal_that_was_taken_care_of_ends_no_sleep()
    {
        ThreadedMachine.Run(static () =>
        {
            Thread.Current.RequestInterrupt();
            Thread.Current.ClearInterrupt();
            Nanoseconds due = Clock.Monotonic + Nanoseconds.FromMilliseconds(1);
            Assert.Equal(WakeReason.TimedOut, Sleep.For(due, SleepMode.Interruptible));
        });
    }

    [Fact]
    public void A_wake_up_before_the_sleep_is_not_lost_and_counts_for_this_sleep_only()
    {
        ThreadedMachine.Run(static () =>
        {
            Nanoseconds due = Clock.Monotonic + Nanoseconds.FromMilliseconds(1);
            Sleep.Prepare();
            Thread.Current.Wake();
            Assert.Equal(WakeReason.Woken, Sleep.Block(SleepMode.Uninterruptible, Nanoseconds.Max));

            Sleep.Prepare();
            Thread.Current.Wake();
            Sleep.CancelPrepare();
            Assert.Equal(WakeReason.TimedOut, Sleep.For(due, SleepMode.Uninterruptible));
        });
    }

    [Fact]
    public void Waking_somebody_awake_does_nothing()
    {
        ThreadedMachine.Run(static () =>
        {
            Thread.Current.Wake();
            TestThread runnable = TestThread.Spawn(static () => { });
            runnable.Wake();
            Assert.Equal(2, Scheduler.RunnableCount);
            runnable.Join();
            runnable.Wake();
            Assert.Equal(1, Scheduler.RunnableCount);
        });
    }

    // The alarm of a sleep that ended early must not end a later one.
    [Fact]
    public void The_deadline_of_one_sleep_does_not_end_the_next()
    {
        ThreadedMachine.Run(static () =>
        {
            List<WakeReason> reasons = [];
            Nanoseconds start = Clock.Monotonic;
            TestThread sleeper = TestThread.Spawn(() =>
            {
                reasons.Add(Sleep.For(start + Nanoseconds.FromMilliseconds(10), SleepMode.Uninterruptible));
                reasons.Add(Sleep.For(Nanoseconds.Max, SleepMode.Interruptible));
            });
            Sleep.For(start + Nanoseconds.FromMilliseconds(5), SleepMode.Uninterruptible);
            sleeper.Wake();
            Sleep.For(start + Nanoseconds.FromMilliseconds(20), SleepMode.Uninterruptible);
            Assert.Equal([WakeReason.Woken], reasons);

            sleeper.RequestInterrupt();
            sleeper.Join();
            Assert.Equal([WakeReason.Woken, WakeReason.Interrupted], reasons);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Signals_at_any_moment_end_the_sleep(int cpuCount)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            TestThread?[] sleepers = new TestThread?[cpuCount];
            WaitQueue queue = new();
            int left = cpuCount;
            ThreadedMachine.RunOnAll(
                cpu =>
                {
                    TestThread sleeper = TestThread.Spawn(() =>
                    {
                        for (int i = 0; i < 8; i++)
                        {
                            Condition never = new(static () => false);
                            WakeReason reason = Sleep.Until(queue, ref never, SleepMode.Interruptible, Nanoseconds.Max);
                            Assert.Equal(WakeReason.Interrupted, reason);
                            Thread.Current.ClearInterrupt();
                        }

                        Interlocked.Decrement(ref left);
                    });
                    Volatile.Write(ref sleepers[cpu], sleeper);
                    while (Volatile.Read(ref left) > 0)
                    {
                        if (seed % 2 == 0)
                        {
                            queue.WakeAll(); // changes nothing
                        }

                        if (Volatile.Read(ref sleepers[(cpu + 1) % cpuCount]) is { IsInterruptRequested: false } other)
                        {
                            other.RequestInterrupt();
                        }

                        Scheduler.Yield();
                    }

                    sleeper.Join();
                },
                new SimulationOptions { Seed = seed, CpuCount = cpuCount });
        }
    }

    [Fact]
    public void A_signal_reaches_a_program_on_another_processor_at_once()
    {
        AttentiveKernel kernel = new();
        TestThread? program = null;
        ThreadedMachine.RunOnAll(
            cpu =>
            {
                if (cpu == 1)
                {
                    program = TestThread.Spawn(static () => ThreadedMachine.Compute(milliseconds: 1000));
                    program.Join();
                    return;
                }

                Sleep.For(Clock.Monotonic + Nanoseconds.FromMilliseconds(10), SleepMode.Uninterruptible);
                Nanoseconds sent = Clock.Monotonic;
                program!.RequestInterrupt();
                Sleep.For(Clock.Monotonic + Nanoseconds.FromMilliseconds(10), SleepMode.Uninterruptible);
                Assert.InRange((kernel.Noticed - sent).Value, 0, 100_000);
            },
            new SimulationOptions { CpuCount = 2 },
            kernel);
        Assert.NotEqual(Nanoseconds.Zero, kernel.Noticed);
    }

    // A wake-up and the end of the time come together: either answer will do, but never a third, nor none.
    [Fact]
    public void Wake_ups_race_with_deadlines()
    {
        int woken = 0;
        int timedOut = 0;
        for (int seed = 0; seed < 100; seed++)
        {
            ThreadedMachine.RunOnAll(
                cpu =>
                {
                    Nanoseconds due = Clock.Monotonic + Nanoseconds.FromMicroseconds(20);
                    WakeReason reason = WakeReason.Interrupted;
                    TestThread sleeper = TestThread.Spawn(() => reason = Sleep.For(due, SleepMode.Uninterruptible));
                    Sleep.For(due, SleepMode.Uninterruptible);
                    sleeper.Wake();
                    sleeper.Join();
                    Assert.NotEqual(WakeReason.Interrupted, reason);
                    Assert.False(sleeper.SleepTimer!.IsArmed);
                    woken += reason == WakeReason.Woken ? 1 : 0;
                    timedOut += reason == WakeReason.TimedOut ? 1 : 0;
                },
                new SimulationOptions { Seed = seed, CpuCount = 2 });
        }

        Assert.Equal(200, woken + timedOut);
        Assert.True(timedOut > 0);
    }

    private sealed class AttentiveKernel : ThreadedKernel
    {
        internal Nanoseconds Noticed { get; private set; }

        public override void BeforeReturnToUser(ref UserRegisters user)
        {
            if (Thread.Current.IsInterruptRequested)
            {
                Thread.Current.ClearInterrupt();
                Noticed = Clock.Monotonic;
            }

            base.BeforeReturnToUser(ref user);
        }
    }

    private readonly struct Condition(Func<bool> isMet) : ISleepCondition
    {
        public bool IsMet() => isMet();
    }
}
