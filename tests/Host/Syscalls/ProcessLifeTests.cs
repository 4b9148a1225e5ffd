using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Xunit;

namespace Cashew.Host.Syscalls;

/// <summary>Processes and threads from their making to their end, with the whole kernel under them.</summary>
public sealed class ProcessLifeTests
{
    private const ulong Data = UserCode.Data;
    private const ulong Stacks = Data + 0x1000;

    [Fact]
    public void Init_is_process_1_and_has_no_parent() => TestMachine.Run(1, static code =>
    {
        code.Call(SyscallNumber.getpid);
        code.Expect(1);
        code.Call(SyscallNumber.getppid);
        code.Expect(0);
    });

    [Fact]
    public void A_child_ends_and_is_waited_for_once() => ForSeeds(static code =>
    {
        UserCode.Label child = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Fork(child);
        code.KeepInRbx();
        code.WaitRbx(7 << 8);
        code.Call(SyscallNumber.wait4, ulong.MaxValue);
        code.Expect(-(int)Errno.ECHILD);
        code.Jump(end);

        code.Mark(child);
        code.Call(SyscallNumber.getppid);
        code.Expect(1, "the parent");
        code.Exit(7);
        code.Mark(end);
    });

    [Fact]
    public void Memory_is_copied_by_fork() => ForSeeds(static code =>
    {
        UserCode.Label child = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Do(static (ref UserRegisters _) => UserCode.SetWord(Data, 1));
        code.Fork(child);
        code.KeepInRbx();
        code.Do(static (ref UserRegisters _) => UserCode.SetWord(Data + 8, 2));
        code.WaitRbx(0);
        code.Do(static (ref UserRegisters _) =>
            Assert.Equal((1UL, 2UL), (UserCode.Word(Data), UserCode.Word(Data + 8))));
        code.Jump(end);

        code.Mark(child);
        code.Do(static (ref UserRegisters _) =>
        {
            Assert.Equal((1UL, 0UL), (UserCode.Word(Data), UserCode.Word(Data + 8)));
            UserCode.SetWord(Data, 3);
        });
        code.Exit(0);
        code.Mark(end);
    });

    [Fact]
    public void Vfork_lends_its_memory_until_the_child_is_gone() => ForSeeds(static code =>
    {
        UserCode.Label child = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Call(SyscallNumber.vfork);
        code.JumpIfZero(child);
        code.KeepInRbx();
        code.Do(static (ref UserRegisters _) => Assert.Equal(9UL, UserCode.Word(Data)));
        code.WaitRbx(0);
        code.Jump(end);

        code.Mark(child);
        code.Sleep(100_000);
        code.Do(static (ref UserRegisters _) => UserCode.SetWord(Data, 9));
        code.Exit(0);
        code.Mark(end);
    });

    [Fact]
    public void An_exec_begins_a_new_program_in_the_same_process() => ForSeeds(static code =>
    {
        UserCode.Label program = code.NewLabel();
        UserCode.Label child = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Call(SyscallNumber.getpid);
        code.JumpIf(static user => user.Rax != 1, program);
        code.Fork(child);
        code.KeepInRbx();
        code.WaitRbx(5 << 8);
        code.Jump(end);

        code.Mark(child);
        code.Do(static (ref UserRegisters _) =>
        {
            UserCode.SetBytes(Data, "/init\0"u8);
            UserCode.SetWord(Data + 16, Data);
            UserCode.SetWord(Data + 24, 0);
        });
        code.Call(SyscallNumber.execve, Data, Data + 16);
        code.Do(static (ref UserRegisters user) => Assert.Fail($"execve came back with {(long)user.Rax}"));

        code.Mark(program);
        code.Do(static (ref UserRegisters user) =>
        {
            Assert.Equal(1UL, UserCode.Word(user.Rsp)); // argc
            Assert.Equal(0UL, UserCode.Word(Data));
        });
        code.Exit(5);
        code.Mark(end);
    });

    // exec(3) in a process of several threads: only the caller is left, and it has become the leader.
    [Fact]
    public void An_exec_ends_the_other_threads() => ForSeeds(static code =>
    {
        UserCode.Label program = code.NewLabel();
        UserCode.Label child = code.NewLabel();
        UserCode.Label second = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Call(SyscallNumber.getpid);
        code.JumpIf(static user => user.Rax != 1, program);
        code.Fork(child);
        code.KeepInRbx();
        code.WaitRbx(6 << 8);
        code.Jump(end);

        code.Mark(child);
        code.Thread(second, Stacks + 0x100, Data + 64);
        code.Call(SyscallNumber.pause);
        code.Do(static (ref UserRegisters _) => Assert.Fail("the first thread went on"));
        code.Mark(second);
        code.Do(static (ref UserRegisters _) => UserCode.SetBytes(Data, "/init\0"u8));
        code.Call(SyscallNumber.execve, Data);
        code.Do(static (ref UserRegisters user) => Assert.Fail($"execve came back with {(long)user.Rax}"));

        code.Mark(program);
        code.Call(SyscallNumber.getpid);
        code.KeepInRbx();
        code.Call(SyscallNumber.gettid);
        code.Do(static (ref UserRegisters user) => Assert.Equal(user.Rbx, user.Rax));
        code.Exit(6);
        code.Mark(end);
    });

    [Fact]
    public void Children_of_the_dead_become_inits() => ForSeeds(static code =>
    {
        UserCode.Label child = code.NewLabel();
        UserCode.Label grandchild = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Fork(child);
        code.KeepInRbx();
        code.WaitRbx(0);
        code.Call(SyscallNumber.wait4, ulong.MaxValue, Data);
        code.Succeeds("waiting for the grandchild");
        code.Do(static (ref UserRegisters _) => Assert.Equal(3 << 8, (int)UserCode.Word(Data)));
        code.Jump(end);

        code.Mark(child);
        code.Fork(grandchild);
        code.Exit(0);
        code.Mark(grandchild);
        code.Sleep(1_000_000);
        code.Call(SyscallNumber.getppid);
        code.Expect(1, "the new parent");
        code.Exit(3);
        code.Mark(end);
    });

    // wait(2), NOTES: with SIGCHLD ignored children do not become zombies.
    [Fact]
    public void A_child_that_nobody_wants_to_hear_of_leaves_no_zombie() => ForSeeds(static code =>
    {
        UserCode.Label child = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Do(static (ref UserRegisters _) => UserCode.Set(Data, new Sigaction { handler = 1 }));
        code.Call(SyscallNumber.rt_sigaction, Signals.SIGCHLD, Data, 0, 8);
        for (int i = 0; i < 3; i++) code.Fork(child);
        code.Call(SyscallNumber.wait4, ulong.MaxValue);
        code.Expect(-(int)Errno.ECHILD);
        code.Jump(end);
        code.Mark(child);
        code.Exit(1);
        code.Mark(end);
    });

    [Fact]
    public void Threads_end_with_their_process() => ForSeeds(static code =>
    {
        UserCode.Label child = code.NewLabel();
        UserCode.Label thread = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Fork(child);
        code.KeepInRbx();
        code.WaitRbx(4 << 8);
        code.Jump(end);

        code.Mark(child);
        for (ulong i = 0; i < 3; i++) code.Thread(thread, Stacks + 0x100 * (i + 1), Data + 64 + 4 * i);
        code.Sleep(10_000);
        code.Exit(4);
        code.Mark(thread);
        code.Call(SyscallNumber.futex, Data, FutexBits.FUTEX_WAIT, 0);
        code.Do(static (ref UserRegisters _) => Assert.Fail("nobody woke it"));
        code.Mark(end);
    });

    [Fact]
    public void The_leader_may_end_before_its_threads() => ForSeeds(static code =>
    {
        UserCode.Label child = code.NewLabel();
        UserCode.Label thread = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Fork(child);
        code.KeepInRbx();
        code.WaitRbx(8 << 8);
        code.Jump(end);

        code.Mark(child);
        code.Thread(thread, Stacks + 0x100, Data + 64);
        code.Call(SyscallNumber.exit, 1);
        code.Mark(thread);
        code.Sleep(50_000);
        code.Call(SyscallNumber.exit, 8);
        code.Mark(end);
    });

    [Fact]
    public void Without_memory_fork_fails_and_nothing_is_lost()
    {
        bool hasForked = false;
        int failures = 0;
        for (int after = 0; !hasForked; after++)
        {
            TestMachine.Run(after, code =>
            {
                UserCode.Label child = code.NewLabel();
                UserCode.Label end = code.NewLabel();
                code.Do((ref UserRegisters _) => Simulation.Current.FailFrameAllocation(after));
                code.Call(SyscallNumber.fork);
                code.JumpIfZero(child);
                code.Do((ref UserRegisters user) =>
                {
                    Simulation.Current.StopFailingFrames();
                    hasForked = (long)user.Rax > 0;
                    Assert.True(hasForked || (long)user.Rax == -(long)Errno.ENOMEM, $"fork said {(long)user.Rax}");
                    if (!hasForked) failures++;
                    user.Rbx = user.Rax;
                });
                code.JumpIf(static user => (long)user.Rax < 0, end);
                code.WaitRbx(0);
                code.Jump(end);
                code.Mark(child);
                code.Exit(0);
                code.Mark(end);
            });
        }

        Assert.True(failures > 5, $"only {failures} failures");
    }

    private static void ForSeeds(Action<UserCode> build)
    {
        const int Count = 25;
        for (int seed = 0; seed < Count; seed++) TestMachine.Run(seed, build);
    }
}
