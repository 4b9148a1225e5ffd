using System;
using System.Collections.Generic;
using System.Linq;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Tasks;
using Xunit;

namespace Cashew.Host.Tasks;

public sealed class TimerTests
{
    [Fact]
    public void Alarms_go_off_in_order_never_early_and_in_interrupt_context()
    {
        ThreadedMachine.Run(static () =>
        {
            Random random = new(2);
            Nanoseconds start = Clock.Monotonic;
            List<Timer> fired = [];
            Timer[] timers = [.. Enumerable.Range(0, 100).Select(_ => new Timer(new Target(timer =>
            {
                Assert.True(Cpu.IsInInterrupt);
                Assert.False(timer.IsArmed);
                Assert.InRange((Clock.Monotonic - timer.Deadline).Value, 0, 50_000);
                fired.Add(timer);
            })))];
            foreach (Timer timer in timers)
            {
                timer.Arm(start + Nanoseconds.FromMicroseconds(200 + random.Next(10_000)));
            }

            SleepUntil(start + Nanoseconds.FromMilliseconds(11));

            Assert.Equal(timers.Length, fired.Count);
            Assert.Equal(fired.OrderBy(static timer => timer.Deadline.Value), fired);
        });
    }

    [Fact]
    public void Moving_an_alarm_leaves_one()
    {
        ThreadedMachine.Run(static () =>
        {
            List<long> fired = [];
            Nanoseconds start = Clock.Monotonic;
            Timer timer = new(new Target(_ => fired.Add((Clock.Monotonic - start).Value / Nanoseconds.PerMillisecond)));
            timer.Arm(start + Nanoseconds.FromMilliseconds(1));
            timer.Arm(start + Nanoseconds.FromMilliseconds(3));
            SleepUntil(start + Nanoseconds.FromMilliseconds(2));
            timer.Arm(start + Nanoseconds.FromMilliseconds(5));
            SleepUntil(start + Nanoseconds.FromMilliseconds(4));
            timer.Arm(start + Nanoseconds.FromMilliseconds(6));
            timer.Arm(start + Nanoseconds.FromMilliseconds(5));
            SleepUntil(start + Nanoseconds.FromMilliseconds(8));
            Assert.Equal([5], fired);
            Assert.False(timer.Cancel());
        });
    }

    [Fact]
    public void An_alarm_in_the_past_goes_off_at_once()
    {
        ThreadedMachine.Run(static () =>
        {
            int fired = 0;
            new Timer(new Target(_ => fired++)).Arm(Nanoseconds.Zero);
            SleepUntil(Clock.Monotonic + Nanoseconds.FromMicroseconds(10));
            Assert.Equal(1, fired);
        });
    }

    [Fact]
    public void A_timer_can_arm_itself_again_and_cancel_another_that_is_due()
    {
        ThreadedMachine.Run(static () =>
        {
            Nanoseconds start = Clock.Monotonic;
            int periods = 0;
            Timer periodic = new(new Target(timer =>
            {
                periods++;
                timer.Arm(timer.Deadline + Nanoseconds.FromMilliseconds(1));
            }));
            periodic.Arm(start + Nanoseconds.FromMilliseconds(1));
            Timer victim = new(new Target(static _ => Assert.Fail("it was canceled")));
            Timer killer = new(new Target(_ => Assert.True(victim.Cancel())));
            killer.Arm(start + Nanoseconds.FromMicroseconds(2500));
            using (InterruptGuard.Disable())
            {
                victim.Arm(start + Nanoseconds.FromMicroseconds(2501));
            }

            SleepUntil(start + Nanoseconds.FromMicroseconds(10_500));

            Assert.True(periodic.Cancel());
            Assert.Equal(10, periods);
            Assert.False(victim.IsArmed);
        });
    }

    // Whoever cancels knows whether it goes off: exactly one of the two happens.
    [Fact]
    public void Cancellation_races_with_the_alarm()
    {
        int canceled = 0;
        int fired = 0;
        for (int seed = 0; seed < 150; seed++)
        {
            Timer?[] timers = new Timer?[2];
            int[] alarms = new int[2];
            int left = 2;
            ThreadedMachine.RunOnAll(
                cpu =>
                {
                    Timer own = new(new Target(_ => alarms[cpu]++));
                    own.Arm(Clock.Monotonic + Nanoseconds.FromMicroseconds(5));
                    Volatile.Write(ref timers[cpu], own);
                    Timer? other;
                    while ((other = Volatile.Read(ref timers[1 - cpu])) is null)
                    {
                        Scheduler.Yield();
                    }

                    SleepUntil(Clock.Monotonic + Nanoseconds.FromMicroseconds(1));
                    bool isCanceled = other.Cancel();
                    Assert.False(other.Cancel());
                    SleepUntil(Clock.Monotonic + Nanoseconds.FromMicroseconds(50));
                    Assert.Equal(isCanceled ? 0 : 1, alarms[1 - cpu]);
                    canceled += isCanceled ? 1 : 0;
                    fired += isCanceled ? 0 : 1;

                    // This processor has to stay awake for its own timer until the other one has looked.
                    Interlocked.Decrement(ref left);
                    while (Volatile.Read(ref left) > 0)
                    {
                        Scheduler.Yield();
                    }
                },
                new SimulationOptions { Seed = seed, CpuCount = 2 });
        }

        Assert.True(canceled > 20, $"{canceled} canceled");
        Assert.True(fired > 20, $"{fired} fired");
    }

    [Fact]
    public void A_far_alarm_does_not_hold_up_a_near_one()
    {
        ThreadedMachine.Run(static () =>
        {
            List<int> fired = [];
            Nanoseconds start = Clock.Monotonic;
            new Timer(new Target(_ => fired.Add(3))).Arm(start + Nanoseconds.FromSeconds(3));
            new Timer(new Target(_ => fired.Add(1))).Arm(start + Nanoseconds.FromSeconds(1));
            new Timer(new Target(_ => fired.Add(2))).Arm(start + Nanoseconds.FromSeconds(2));
            SleepUntil(start + Nanoseconds.FromMilliseconds(2500));
            Assert.Equal([1, 2], fired);
        });
    }

    private static void SleepUntil(Nanoseconds due) => Sleep.For(due, SleepMode.Uninterruptible);

    private sealed class Target(Action<Timer> expired) : TimerTarget
    {
        public override void Expired(Timer timer) => expired(timer);
    }
}
