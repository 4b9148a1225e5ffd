using System.Collections.Generic;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Tasks;
using Xunit;

namespace Cashew.Host.Tasks;

public sealed class ThreadTests
{
    [Fact]
    public void A_thread_runs_and_gives_its_stack_back()
    {
        ThreadedMachine.Run(static () =>
        {
            int before = Simulation.Current.CountFrames(FrameKind.KernelStack);
            List<int> trace = [];

            TestThread thread = TestThread.Spawn(() => trace.Add(1));
            Assert.True(Simulation.Current.CountFrames(FrameKind.KernelStack) > before);
            thread.Join();

            Assert.Equal([1], trace);
            Assert.True(thread.IsReaped);
            Assert.False(thread.IsRunnable);
            Assert.Equal(before, Simulation.Current.CountFrames(FrameKind.KernelStack));
        });
    }

    [Fact]
    public void Every_shortage_of_memory_for_a_thread_is_reported_and_leaks_nothing()
    {
        ThreadedMachine.Run(static () =>
        {
            Simulation machine = Simulation.Current;
            int before = machine.CountFrames(FrameKind.KernelStack);
            int failures = 0;
            while (true)
            {
                machine.FailFrameAllocation(failures);
                TestThread? thread = TestThread.TryCreate(static () => { });
                machine.StopFailingFrames();
                if (thread is not null)
                {
                    thread.Abandon();
                    break;
                }

                failures++;
                Assert.Equal(before, machine.CountFrames(FrameKind.KernelStack));
            }

            Assert.InRange(failures, 1, 100);
            Assert.Equal(before, machine.CountFrames(FrameKind.KernelStack));
        });
    }

    [Fact]
    public void Yield_lets_those_in_line_run_first()
    {
        ThreadedMachine.Run(static () =>
        {
            List<char> trace = [];
            TestThread first = TestThread.Spawn(() => Play('a'));
            TestThread second = TestThread.Spawn(() => Play('b'));
            TestThread.JoinAll(first, second);
            Assert.Equal("ababab", new string([.. trace]));

            void Play(char name)
            {
                for (int i = 0; i < 3; i++)
                {
                    trace.Add(name);
                    Scheduler.Yield();
                }
            }
        });
    }

    [Theory]
    [InlineData(false, SchedulingPolicy.RoundRobin, 7, -5)]
    [InlineData(true, SchedulingPolicy.Fair, 0, 0)]
    public void A_thread_competes_as_its_parent_does(
        bool resets, SchedulingPolicy policy, int priority, int nice)
    {
        ThreadedMachine.Run(() =>
        {
            Thread parent = Thread.Current;
            parent.AffinityMask = 5;
            Scheduler.SetPolicy(parent, SchedulingPolicy.RoundRobin, realtimePriority: 7, nice: -5);

            TestThread child = TestThread.Create(static () => { });
            child.InheritScheduling(parent, resets);

            Assert.Equal(policy, Scheduler.PolicyOf(child));
            Assert.Equal(priority, Scheduler.RealtimePriorityOf(child));
            Assert.Equal(nice, child.Nice);
            Assert.Equal(FairQueue.WeightOf(policy, nice), child.Entity.Weight);
            Assert.Equal(5UL, child.AffinityMask);
            child.Abandon();
        });
    }

    // SCHED_RESET_ON_FORK, sched(7): "if the calling process has a negative nice value, the nice value is set
    // to zero".
    [Fact]
    public void Reset_keeps_a_positive_nice_value_and_the_batch_policy()
    {
        ThreadedMachine.Run(static () =>
        {
            Scheduler.SetPolicy(Thread.Current, SchedulingPolicy.Batch, realtimePriority: 0, nice: 4);
            TestThread child = TestThread.Create(static () => { });

            child.InheritScheduling(Thread.Current, resets: true);

            Assert.Equal(SchedulingPolicy.Batch, Scheduler.PolicyOf(child));
            Assert.Equal(4, child.Nice);
            child.Abandon();
        });
    }

    [Fact]
    public void Switches_are_counted_as_voluntary_or_not()
    {
        ThreadedMachine.Run(static () =>
        {
            TestThread sleeper = TestThread.Spawn(static () =>
            {
                for (int i = 0; i < 3; i++)
                {
                    Sleep.For(Clock.Monotonic + Nanoseconds.FromMilliseconds(1), SleepMode.Uninterruptible);
                }
            });
            TestThread busy = TestThread.Spawn(static () => ThreadedMachine.Compute(20));
            TestThread other = TestThread.Spawn(static () => ThreadedMachine.Compute(20));
            TestThread.JoinAll(sleeper, busy, other);

            Assert.Equal(3, sleeper.VoluntarySwitches);
            Assert.Equal(0, busy.VoluntarySwitches);
            Assert.InRange(busy.InvoluntarySwitches, 5, 15);
        });
    }

    // getrusage(2), ru_nivcsw: "the number of times a context switch resulted".
    [Fact]
    public void A_request_that_ends_in_no_switch_is_not_counted()
    {
        ThreadedMachine.Run(static () =>
        {
            Thread self = Thread.Current;
            long before = self.InvoluntarySwitches;
            TestThread idle = TestThread.Create(static () => { });
            Scheduler.SetPolicy(idle, SchedulingPolicy.Idle, realtimePriority: 0, nice: 0);
            idle.Start();
            Scheduler.SetPolicy(self, SchedulingPolicy.Fifo, realtimePriority: 1, nice: 0);

            Scheduler.RescheduleIfWanted();

            Assert.Equal(before, self.InvoluntarySwitches);
            idle.Join();
        });
    }
}
