using System;
using System.Collections.Generic;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Xunit;

namespace Cashew.Host.Machine;

public sealed class SimulationTests
{
    private sealed class Body(Action run) : ThreadBody
    {
        public override void Run() => run();
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        string first = Trace(7);

        Assert.Equal(first, Trace(7));
        Assert.NotEqual(first, Trace(8));
    }

    [Fact]
    public void A_spin_lock_keeps_processors_apart()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Assert.Equal(60, Count(seed, isLocked: true));
        }
    }

    [Fact]
    public void Without_the_lock_updates_are_lost_with_some_seed()
    {
        bool isLost = false;
        for (int seed = 0; seed < 20; seed++)
        {
            isLost |= Count(seed, isLocked: false) < 60;
        }

        Assert.True(isLost);
    }

    [Fact]
    public void Halting_under_a_spin_lock_is_a_failure()
    {
        SpinLock first = new(LockRank.Timer);
        int taken = 0;

        SimulationFailure failure = Assert.Throws<SimulationFailure>(() => RunOn(2, _ =>
        {
            if (Interlocked.Increment(ref taken) == 1)
            {
                first.Acquire(); // and never gives it back
                Cpu.DisableInterrupts();
                Cpu.WaitForInterrupt();
            }

            using SpinLock.Guard guard = first.Acquire();
        }));
        Assert.Contains("halted under a spin lock", failure.Message);
    }

    [Fact]
    public void Two_locks_in_the_wrong_order_are_a_failure()
    {
        Simulation.Reset();
        SpinLock low = new(LockRank.Timer);
        SpinLock high = new(LockRank.RunQueue);
        using SpinLock.Guard guard = high.Acquire();

        Assert.Throws<SimulationFailure>(() => low.Acquire());
        Assert.Throws<SimulationFailure>(() => high.Acquire());
    }

    [Fact]
    public void Waiting_for_nothing_is_a_failure()
    {
        SimulationFailure failure = Assert.Throws<SimulationFailure>(() => RunOn(2, static _ =>
        {
            Cpu.DisableInterrupts();
            Cpu.WaitForInterrupt();
        }));
        Assert.Contains("every processor waits", failure.Message);
    }

    [Fact]
    public void Time_moves_on_when_everybody_waits()
    {
        List<long> fired = [];
        Simulation.Run(new SimulationOptions(), () =>
        {
            KernelEntry.Install(new ScriptedKernel { OnTimer = () => fired.Add(Clock.Monotonic.Value) });
            LocalTimer.SetDeadline(Nanoseconds.FromSeconds(5));
            Cpu.DisableInterrupts();
            Cpu.WaitForInterrupt();
        });

        Assert.Equal(5_000_000_000, Assert.Single(fired));
    }

    [Fact]
    public void Interrupts_wait_while_they_are_off()
    {
        bool hasFired = false;
        Simulation machine = Simulation.Reset();
        using (InterruptGuard.Disable())
        {
            machine.RaiseInterrupt(() => hasFired = Cpu.IsInInterrupt && !Cpu.InterruptsEnabled);
            Assert.False(hasFired);
        }

        Assert.True(hasFired);
    }

    [Fact]
    public void Threads_go_on_where_they_were_switched_away()
    {
        string trace = "";
        Simulation.Run(new SimulationOptions(), () =>
        {
            ThreadContext? main = null;
            ThreadContext? other = null;
            Assert.True(ThreadContext.TryAdopt(new Body(static () => { }), out main));
            Assert.True(ThreadContext.TryCreate(
                new Body(() =>
                {
                    trace += "b";
                    ThreadContext.Switch(other!, main);
                    trace += "d";
                    ThreadContext.Switch(other!, main);
                }),
                out other));
            using InterruptGuard guard = InterruptGuard.Disable();
            trace += "a";
            ThreadContext.Switch(main, other);
            trace += "c";
            ThreadContext.Switch(main, other);
            trace += "e";
        });

        Assert.Equal("abcde", trace);
    }

    [Fact]
    public void A_failed_assertion_in_a_thread_fails_the_run_with_its_seed()
    {
        SimulationFailure failure = Assert.Throws<SimulationFailure>(() =>
            Simulation.Run(new SimulationOptions { Seed = 42 }, static () => Assert.Fail("no")));
        Assert.Contains("seed 42", failure.Message);
    }

    [Fact]
    public void A_copy_asks_the_kernel_for_missing_pages()
    {
        Simulation.Reset();
        UserAddress page = new(0x1000);
        Assert.True(PageTable.TryCreate(out PageTable? table));
        table.Activate();
        List<(ulong, FaultAccess)> faults = [];
        KernelEntry.Install(new ScriptedKernel
        {
            OnPageFault = (at, access, fromUser) =>
            {
                faults.Add((at.Value, access));
                Assert.False(fromUser);
                PageRights rights = (access & FaultAccess.Write) != 0 ? PageRights.Write : PageRights.Read;
                return table.TryMap(at.PageDown, Frame.TryAllocateZeroed(out Frame frame) ? frame : default, rights);
            },
        });

        Assert.True(UserMemory.TryRead(page + 8, out int _));
        Assert.True(UserMemory.TryWrite(page + 16, 5));

        Assert.Equal([(0x1008UL, FaultAccess.Read), (0x1010UL, FaultAccess.Write | FaultAccess.Present)], faults);
    }

    [Fact]
    public void User_memory_under_a_spin_lock_is_a_failure()
    {
        Simulation.Reset();
        SpinLock spinLock = new(LockRank.Timer);
        using SpinLock.Guard guard = spinLock.Acquire();

        Assert.Throws<SimulationFailure>(() => UserMemory.TryRead(new UserAddress(0x1000), out int _));
    }

    [Fact]
    public void A_program_makes_system_calls_and_is_sent_elsewhere()
    {
        string trace = "";
        ScriptedKernel kernel = new()
        {
            OnSystemCall = (ref UserRegisters user) =>
            {
                trace += $"{user.OriginalRax}({user.Rdi}) ";
                user.Rax = user.Rdi + 1;
                user.Rip = user.OriginalRax == 59 ? 0x2000 : user.Rip;
            },
        };
        Simulation machine = Simulation.Run(new SimulationOptions(), () =>
        {
            KernelEntry.Install(kernel);
            Assert.True(ThreadContext.TryAdopt(new Body(static () => { }), out ThreadContext? context));
            context.User.Rip = 0x1000;
            Simulation.Current.UserProgram = program =>
            {
                Simulation user = Simulation.Current;
                if (program.User.Rip == 0x1000)
                {
                    Assert.Equal(8, user.SystemCall(1, 7));
                    user.SystemCall(59);
                    Assert.Fail("execve came back");
                }

                user.SystemCall(60, 3);
                Power.Off();
            };
            context.EnterUser();
        });

        Assert.Equal("1(7) 59(0) 60(3) ", trace);
        Assert.Equal(StopKind.Off, machine.Stop);
    }

    private static string Trace(int seed)
    {
        string trace = "";
        RunOn(3, cpu =>
        {
            for (int i = 0; i < 10; i++)
            {
                trace += (char)('a' + cpu);
                Simulation.Current.ChoicePoint();
            }
        }, seed);
        return trace;
    }

    private static int Count(int seed, bool isLocked)
    {
        SpinLock spinLock = new(LockRank.Timer);
        int count = 0;
        RunOn(3, _ =>
        {
            for (int i = 0; i < 20; i++)
            {
                if (isLocked)
                {
                    using SpinLock.Guard guard = spinLock.Acquire();
                    Add(ref count);
                }
                else
                {
                    Add(ref count);
                }
            }
        }, seed);
        return count;
    }

    private static void Add(ref int count)
    {
        int value = count;
        Simulation.Current.ChoicePoint();
        count = value + 1;
    }

    /// <summary>Runs the same on each processor, and ends when all have done it.</summary>
    private static void RunOn(int cpuCount, Action<int> body, int seed = 1)
    {
        int left = cpuCount;
        SimulationOptions options = new() { Seed = seed, CpuCount = cpuCount };
        Simulation.Run(
            options,
            () =>
            {
                Simulation.Current.StartSecondaryCpus();
                body(0);
                left--;
                while (left > 0)
                {
                    Simulation.Current.ChoicePoint();
                }
            },
            () =>
            {
                body(Cpu.CurrentId);
                left--;
                while (true)
                {
                    Simulation.Current.ChoicePoint();
                }
            });
    }
}
