using System;
using System.Collections.Generic;
using System.Threading;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Kernel.SelfTests.Tasks;

/// <summary>Threads, sleeping, timers and locks on the real machine.</summary>
internal static class TaskTests
{
    internal static void AddTo(List<SelfTest> tests)
    {
        tests.Add(new SelfTest("a_thread_runs_and_its_stack_comes_back", ThreadRuns));
        tests.Add(new SelfTest("two_threads_take_turns_through_wait_queues", PingPong));
        tests.Add(new SelfTest("a_sleep_lasts_at_least_as_long_as_asked", SleepLasts));
        tests.Add(new SelfTest("timers_go_off_in_the_order_of_their_deadlines", TimerOrder));
        tests.Add(new SelfTest("a_sleeping_lock_admits_one_at_a_time", LockExcludes));
        tests.Add(new SelfTest("an_interrupt_request_ends_an_interruptible_sleep_only", InterruptEndsSleep));
    }

    private static void ThreadRuns()
    {
        Spawn(static () => { });
        long before = Frame.FreeCount;
        for (int i = 0; i < 100; i++)
        {
            Spawn(static () => { });
        }

        // The collected heap may have taken some frames; stacks would be five each.
        Check.That(Frame.FreeCount > before - 100);
    }

    private static void PingPong()
    {
        const int Rounds = 1000;
        Ball ball = new();
        Worker other = Worker.Begin(() => ball.Play(side: 1, Rounds));
        ball.Play(side: 0, Rounds);
        other.Join();
        Check.Equal(2 * Rounds, ball.Strokes);
    }

    private static void SleepLasts()
    {
        Nanoseconds start = Clock.Monotonic;
        Nanoseconds deadline = start + Nanoseconds.FromMilliseconds(3);
        Check.That(Sleep.For(deadline, SleepMode.Uninterruptible) == WakeReason.TimedOut);
        Check.That(Clock.Monotonic >= deadline);
    }

    private static void TimerOrder()
    {
        Recorder recorder = new();
        Nanoseconds now = Clock.Monotonic;
        int[] offsets = [5, 1, 4, 2, 3];
        Cashew.Tasks.Timer[] timers = new Cashew.Tasks.Timer[offsets.Length];
        for (int i = 0; i < offsets.Length; i++)
        {
            timers[i] = new Cashew.Tasks.Timer(recorder);
            timers[i].Arm(now + Nanoseconds.FromMicroseconds(500 * offsets[i]));
        }

        Check.That(timers[2].Cancel());
        Check.That(!timers[2].Cancel());
        Sleep.For(now + Nanoseconds.FromMilliseconds(4), SleepMode.Uninterruptible);
        Check.Equal(4, recorder.Count);
        Check.That(recorder.Fired[0] == timers[1] && recorder.Fired[1] == timers[3]
            && recorder.Fired[2] == timers[4] && recorder.Fired[3] == timers[0]);
    }

    private static void LockExcludes()
    {
        SleepLock sleepLock = new(LockRank.Directory);
        int inside = 0;
        int most = 0;
        Worker[] workers = new Worker[4];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = Worker.Begin(() =>
            {
                for (int turn = 0; turn < 50; turn++)
                {
                    using SleepLock.Guard guard = sleepLock.Acquire();
                    most = Math.Max(most, ++inside);
                    Scheduler.Yield();
                    inside--;
                }
            });
        }

        foreach (Worker worker in workers)
        {
            worker.Join();
        }

        Check.Equal(1, most);
    }

    private static void InterruptEndsSleep()
    {
        WakeReason first = WakeReason.Woken;
        WakeReason second = WakeReason.Woken;
        Worker sleeper = Worker.Begin(() =>
        {
            Nanoseconds far = Clock.Monotonic + Nanoseconds.FromMilliseconds(2);
            first = Sleep.For(far, SleepMode.Uninterruptible);
            second = Sleep.For(Nanoseconds.Max, SleepMode.Interruptible);
        });
        Scheduler.Yield();
        sleeper.RequestInterrupt();
        sleeper.Join();
        Check.That(first == WakeReason.TimedOut);
        Check.That(second == WakeReason.Interrupted);
    }

    private static void Spawn(Action body) => Worker.Begin(body).Join();

    private sealed class Ball
    {
        private readonly WaitQueue _queue = new();
        private int _side;

        internal int Strokes { get; private set; }

        internal void Play(int side, int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                Mine condition = new(this, side);
                Sleep.Until(_queue, ref condition, SleepMode.Uninterruptible, Nanoseconds.Max);
                Strokes++;
                Volatile.Write(ref _side, 1 - side);
                _queue.WakeAll();
            }
        }

        private readonly struct Mine(Ball ball, int side) : ISleepCondition
        {
            public bool IsMet() => Volatile.Read(ref ball._side) == side;
        }
    }

    private sealed class Recorder : TimerTarget
    {
        internal Cashew.Tasks.Timer[] Fired { get; } = new Cashew.Tasks.Timer[8];

        internal int Count { get; private set; }

        public override void Expired(Cashew.Tasks.Timer timer) => Fired[Count++] = timer;
    }
}
