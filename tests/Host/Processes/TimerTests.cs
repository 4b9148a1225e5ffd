using System;
using Cashew.Abi;
using Cashew.Host.Machine;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Processes;
using Cashew.Tasks;
using Xunit;

namespace Cashew.Host.Processes;

/// <summary>Units of time, and the timers that raise signals.</summary>
public sealed class TimerTests
{
    private const long Second = 1_000_000_000;

    public TimerTests()
    {
        Simulation.Reset();
        KernelEntry.Install(new ScriptedKernel { OnTimer = Scheduler.TimerExpired });
    }

    [Theory]
    [InlineData(0, 0, 0L)]
    [InlineData(0, 999_999_999, 999_999_999L)]
    [InlineData(3, 7, 3 * Second + 7)]
    [InlineData(9_223_372_035, 999_999_999, 9_223_372_035_999_999_999L)]
    [InlineData(9_223_372_037, 0, long.MaxValue)]
    [InlineData(long.MaxValue, 999_999_999, long.MaxValue)]
    public void A_time_becomes_nanoseconds_or_for_ever(long seconds, long nanoseconds, long expected)
    {
        Assert.True(ClockTicks.TryConvert(
            new Timespec { tv_sec = seconds, tv_nsec = nanoseconds }, out Nanoseconds result));
        Assert.Equal(expected, result.Value);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 1_000_000_000)]
    [InlineData(long.MinValue, 0)]
    [InlineData(0, long.MinValue)]
    [InlineData(1, long.MaxValue)]
    public void A_time_out_of_range_is_refused(long seconds, long fraction)
    {
        Assert.False(ClockTicks.TryConvert(new Timespec { tv_sec = seconds, tv_nsec = fraction }, out _));
        Assert.False(ClockTicks.TryConvert(new Timeval { tv_sec = seconds, tv_usec = fraction }, out _));
    }

    [Fact]
    public void A_time_survives_the_way_there_and_back()
    {
        Random random = new(8);
        for (int i = 0; i < 10_000; i++)
        {
            Nanoseconds time = new(random.NextInt64() >> random.Next(63));
            if (time.Value >= 9_223_372_036 * Second) continue;
            Assert.True(ClockTicks.TryConvert(ClockTicks.ToTimespec(time), out Nanoseconds back));
            Assert.Equal(time, back);
            Assert.True(ClockTicks.TryConvert(ClockTicks.ToTimeval(time), out back));
            Assert.Equal(time.Value / 1000 * 1000, back.Value);
        }
    }

    [Fact]
    public void A_deadline_beyond_the_end_of_time_is_never()
    {
        Assert.Equal(Nanoseconds.Max, ClockTicks.After(Nanoseconds.Max));
        Assert.Equal(Nanoseconds.Max, ClockTicks.After(new Nanoseconds(long.MaxValue - 1)));
        Assert.Equal(Clock.Monotonic + new Nanoseconds(5), ClockTicks.After(new Nanoseconds(5)));
    }

    // setitimer(2)
    [Fact]
    public void An_alarm_rings_once_and_a_timer_with_an_interval_again()
    {
        using TestProcess process = new();
        PendingSignals.SetBlocked(process.Thread, SignalSet.All);
        IntervalTimers timers = process.Process.Timers;
        _ = timers.Set(TimerBits.ITIMER_REAL, Setting(100, 0));
        Simulation.Current.Advance(new Nanoseconds(99));
        Assert.False(TakeAlarm(process));
        Assert.Equal(1000, timers.Get(TimerBits.ITIMER_REAL).Remaining.Value); // never zero while it is armed
        Simulation.Current.Advance(new Nanoseconds(1));
        Assert.True(TakeAlarm(process));
        Assert.Equal(0, timers.Get(TimerBits.ITIMER_REAL).Remaining.Value);

        const long interval = 10_000;
        TimerSetting old = timers.Set(TimerBits.ITIMER_REAL, Setting(5000, interval));
        Assert.Equal((0L, 0L), (old.Remaining.Value, old.Interval.Value));
        for (int i = 0; i < 5; i++)
        {
            Simulation.Current.Advance(new Nanoseconds(i == 0 ? 5000 : interval));
            Assert.True(TakeAlarm(process), $"expiry {i}");
            Assert.False(TakeAlarm(process));
        }

        old = timers.Set(TimerBits.ITIMER_REAL, default);
        Assert.Equal(interval, old.Interval.Value);
        Simulation.Current.Advance(new Nanoseconds(interval * 3));
        Assert.False(TakeAlarm(process));
    }

    [Fact]
    public void A_timer_that_was_cancelled_with_its_process_never_rings()
    {
        using TestProcess process = new();
        PendingSignals.SetBlocked(process.Thread, SignalSet.All);
        _ = process.Process.Timers.Set(TimerBits.ITIMER_REAL, Setting(100, 100));
        process.Process.Timers.Cancel();
        Simulation.Current.Advance(new Nanoseconds(1000));
        Assert.False(TakeAlarm(process));
        _ = process.Process.Timers.Set(TimerBits.ITIMER_REAL, Setting(100, 100));
        Simulation.Current.Advance(new Nanoseconds(1000));
        Assert.False(TakeAlarm(process));
    }

    private static TimerSetting Setting(long remaining, long interval) =>
        new(new Nanoseconds(remaining), new Nanoseconds(interval));

    private static bool TakeAlarm(TestProcess process)
    {
        using (SpinLock.Guard guard = process.Process.SignalState.Lock.Acquire())
            return process.Process.SignalState.Queue.TryTake(SignalSet.Of(Signals.SIGALRM), out _);
    }
}
