using System;
using System.Linq;
using Cashew.Machine;
using Cashew.Tasks;
using Xunit;

namespace Cashew.Host.Tasks;

public sealed class LoadAverageTests
{
    private const double One = 1 << LoadAverage.FractionBits;

    [Theory]
    [InlineData(1, 60)]
    [InlineData(3, 60)]
    [InlineData(3, 300)]
    [InlineData(1, 900)]
    public void Averages_rise_exponentially_to_the_number_of_those_who_want_to_run(int count, int seconds)
    {
        ThreadedMachine.Run(() =>
        {
            StartHogs(count, seconds: 100_000);
            SleepFor(seconds);
            LoadAverage.Update();

            AssertNear(count * (1 - Math.Exp(-seconds / 60.0)), LoadAverage.OneMinute);
            AssertNear(count * (1 - Math.Exp(-seconds / 300.0)), LoadAverage.FiveMinutes);
            AssertNear(count * (1 - Math.Exp(-seconds / 900.0)), LoadAverage.FifteenMinutes);
        });
    }

    [Fact]
    public void A_steady_load_is_reached_exactly_and_an_idle_machine_comes_back_to_zero()
    {
        ThreadedMachine.Run(static () =>
        {
            TestThread[] hogs = StartHogs(count: 2, seconds: 1000);
            SleepFor(990);
            LoadAverage.Update();
            Assert.Equal(2 * One, LoadAverage.OneMinute);

            TestThread.JoinAll(hogs);
            SleepFor(900);
            LoadAverage.Update();
            Assert.Equal(0, LoadAverage.OneMinute);
            SleepFor(9 * 3600);
            LoadAverage.Update();
            Assert.InRange(LoadAverage.FifteenMinutes, 0, 1);
        });
    }

    [Fact]
    public void Made_up_steps_are_as_good_as_steps_in_time()
    {
        Assert.Equal(Measure(isLookedAt: true), Measure(isLookedAt: false));

        static (long, long, long) Measure(bool isLookedAt)
        {
            (long, long, long) result = default;
            ThreadedMachine.Run(() =>
            {
                TestThread hog = TestThread.Spawn(static () => ThreadedMachine.Compute(Nanoseconds.FromSeconds(103)));
                SleepFor(102);
                hog.Join();
                for (int i = 0; i < 20; i++)
                {
                    SleepFor(10);
                    if (isLookedAt)
                    {
                        LoadAverage.Update();
                    }
                }

                LoadAverage.Update();
                result = (LoadAverage.OneMinute, LoadAverage.FiveMinutes, LoadAverage.FifteenMinutes);
            });
            return result;
        }
    }

    // proc(5) does not say so, but programs compare: the formula in fixed point that everybody uses.
    [Fact]
    public void Each_step_is_the_usual_one()
    {
        ThreadedMachine.Run(static () =>
        {
            const int StepsAPhase = 6;
            long expected = 0;
            Sleep.For(Clock.Monotonic + Nanoseconds.FromMilliseconds(2500), SleepMode.Uninterruptible);
            foreach (bool isBusy in new[] { true, true, false, true, false, false, true, true, true, false })
            {
                if (isBusy)
                {
                    TestThread.Spawn(static () => ThreadedMachine.Compute(Nanoseconds.FromSeconds(29)));
                }

                // Steps come at 5, 10, ... seconds; the load changes half a step after one.
                SleepFor(seconds: 29);
                for (int step = 0; step < StepsAPhase; step++)
                {
                    long active = isBusy ? 2048 : 0;
                    long sum = expected * 1884 + active * (2048 - 1884) + (active >= expected ? 2047 : 0);
                    expected = sum / 2048;
                }

                Sleep.For(Clock.Monotonic + Nanoseconds.FromSeconds(1), SleepMode.Uninterruptible);
                LoadAverage.Update();
                Assert.Equal(expected, LoadAverage.OneMinute);
            }
        });
    }

    /// <summary>Real-time ones, so that there is no need to simulate their turns; the caller is more
    /// urgent.</summary>
    private static TestThread[] StartHogs(int count, int seconds)
    {
        Scheduler.SetPolicy(Thread.Current, SchedulingPolicy.Fifo, realtimePriority: 2, nice: 0);
        TestThread[] hogs = [.. Enumerable.Range(0, count).Select(_ => TestThread.Create(
            () => ThreadedMachine.Compute(Nanoseconds.FromSeconds(seconds))))];
        foreach (TestThread hog in hogs)
        {
            Scheduler.SetPolicy(hog, SchedulingPolicy.Fifo, realtimePriority: 1, nice: 0);
            hog.Start();
        }

        return hogs;
    }

    private static void SleepFor(int seconds) =>
        Sleep.For(Clock.Monotonic + Nanoseconds.FromSeconds(seconds), SleepMode.Uninterruptible);

    // Linux's constants differ from e^(-5/60) and so on in the fourth digit.
    private static void AssertNear(double expected, long actual) =>
        Assert.InRange(actual / One, expected * 0.98 - 0.01, expected * 1.02 + 0.01);
}
