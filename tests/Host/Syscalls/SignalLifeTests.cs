using System;
using Cashew.Abi;
using Cashew.Machine;
using Xunit;

namespace Cashew.Host.Syscalls;

/// <summary>Signals from the sender to the handler and back, with the whole kernel under them.</summary>
public sealed class SignalLifeTests
{
    private const ulong Data = UserCode.Data;
    private const int Interrupted = -(int)Errno.EINTR;
    private const ulong Usr1 = 1UL << Signals.SIGUSR1 - 1;

    [Fact]
    public void A_handler_runs_and_the_program_goes_on_as_it_was() => ForSeeds(static code =>
    {
        UserCode.Label handler = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Handle(Signals.SIGUSR1, handler, SigactionBits.SA_SIGINFO);
        code.Do(static (ref UserRegisters user) => (user.R12, user.R13, user.Rbp) = (12, 13, 14));
        code.Call(SyscallNumber.getpid);
        code.KeepInRbx();
        code.KillRbx(Signals.SIGUSR1);
        code.Do(static (ref UserRegisters user) =>
        {
            Assert.Equal((12UL, 13UL, 14UL, 1UL), (user.R12, user.R13, user.Rbp, user.Rbx));
            Assert.Equal(1UL, UserCode.Word(Data));
        });
        code.Jump(end);

        code.Mark(handler);
        code.Do(static (ref UserRegisters user) =>
        {
            Assert.Equal((ulong)Signals.SIGUSR1, user.Rdi);
            Assert.Equal(8UL, user.Rsp % 16); // as after a call instruction
            Assert.Equal(Signals.SIGUSR1, (int)UserCode.Word(user.Rsi));
            Assert.Equal(SigInfoCode.SI_USER, (int)UserCode.Word(user.Rsi + 8));
            Assert.Equal(1, (int)UserCode.Word(user.Rsi + 16)); // si_pid
            UserCode.SetWord(Data, UserCode.Word(Data) + 1);
            (user.R12, user.R13, user.Rbp, user.Rbx) = (0, 0, 0, 0);
        });
        code.Return();
        code.Mark(end);
    });

    // signal(7): pause and sleeps are interrupted whatever SA_RESTART says; wait and read only without it.
    [Theory]
    [InlineData(0UL)]
    [InlineData(SigactionBits.SA_RESTART)]
    public void A_handler_interrupts_or_restarts_what_it_met(ulong flags) => ForSeeds(code =>
    {
        UserCode.Label handler = code.NewLabel();
        UserCode.Label child = code.NewLabel();
        UserCode.Label done = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Handle(Signals.SIGUSR1, handler, flags);
        code.Fork(child);
        code.KeepInRbx();
        code.Call(SyscallNumber.wait4, ulong.MaxValue, Data + 8);
        code.Do((ref UserRegisters user) =>
        {
            // The signal may also come before the call, or the child's end first.
            bool isInterrupted = (long)user.Rax == Interrupted;
            Assert.False(isInterrupted && flags != 0, "it was not restarted");
            Assert.True(isInterrupted || user.Rax == user.Rbx, $"wait4 said {(long)user.Rax}");
        });
        code.JumpIf(static user => (long)user.Rax != Interrupted, done);
        code.WaitRbx(0);
        code.Mark(done);
        code.Do(static (ref UserRegisters _) => Assert.Equal(1UL, UserCode.Word(Data)));
        code.Jump(end);

        code.Mark(child);
        code.Sleep(20_000);
        code.Call(SyscallNumber.kill, 1, Signals.SIGUSR1);
        code.Sleep(200_000);
        code.Exit(0);

        code.Mark(handler);
        code.Do(static (ref UserRegisters _) => UserCode.SetWord(Data, UserCode.Word(Data) + 1));
        code.Return();
        code.Mark(end);
    });

    [Fact]
    public void A_blocked_signal_waits_for_sigsuspend() => ForSeeds(static code =>
    {
        UserCode.Label handler = code.NewLabel();
        UserCode.Label child = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Handle(Signals.SIGUSR1, handler);
        code.Block(Usr1);
        code.Fork(child);
        code.KeepInRbx();
        code.Sleep(100_000);
        code.Do(static (ref UserRegisters _) =>
        {
            Assert.Equal(0UL, UserCode.Word(Data));
            UserCode.SetWord(Data + 8, 0);
        });
        code.Call(SyscallNumber.rt_sigsuspend, Data + 8, 8);
        code.Expect(Interrupted, "sigsuspend");
        code.Do(static (ref UserRegisters _) => Assert.Equal(1UL, UserCode.Word(Data)));
        code.Call(SyscallNumber.rt_sigprocmask, SigmaskHow.SIG_BLOCK, 0, Data + 16, 8);
        code.Do(static (ref UserRegisters _) => Assert.Equal(Usr1, UserCode.Word(Data + 16)));
        code.WaitRbx(0);
        code.Jump(end);

        code.Mark(child);
        code.Call(SyscallNumber.kill, 1, Signals.SIGUSR1);
        code.Exit(0);
        code.Mark(handler);
        code.Do(static (ref UserRegisters _) => UserCode.SetWord(Data, UserCode.Word(Data) + 1));
        code.Return();
        code.Mark(end);
    });

    [Theory]
    [InlineData(Signals.SIGKILL)]
    [InlineData(Signals.SIGTERM)]
    [InlineData(Signals.SIGSEGV)]
    [InlineData(Signals.SIGRTMAX)]
    public void A_signal_ends_a_process_that_does_not_handle_it(int signal) => ForSeeds(code =>
    {
        UserCode.Label child = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Fork(child);
        code.KeepInRbx();
        code.Sleep(30_000);
        code.KillRbx(signal);
        code.WaitRbx(signal);
        code.Jump(end);
        code.Mark(child);
        code.Call(SyscallNumber.pause);
        code.Do(static (ref UserRegisters _) => Assert.Fail("it lives"));
        code.Mark(end);
    });

    [Fact]
    public void A_bad_address_is_a_signal() => ForSeeds(static code =>
    {
        UserCode.Label child = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Fork(child);
        code.KeepInRbx();
        code.WaitRbx(Signals.SIGSEGV);
        code.Jump(end);
        code.Mark(child);
        code.Do(static (ref UserRegisters _) => UserCode.Word(0x1000));
        code.Mark(end);
    });

    [Fact]
    public void A_handler_of_a_fault_can_repair_it() => ForSeeds(static code =>
    {
        const ulong Page = 0x7000_0000;
        UserCode.Label handler = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Handle(Signals.SIGSEGV, handler, SigactionBits.SA_SIGINFO);
        code.Do(static (ref UserRegisters _) => UserCode.SetWord(Page + 8, 5));
        code.Do(static (ref UserRegisters _) => Assert.Equal(5UL, UserCode.Word(Page + 8)));
        code.Jump(end);

        code.Mark(handler);
        code.Do(static (ref UserRegisters user) =>
        {
            Assert.Equal(SigInfoCode.SEGV_MAPERR, (int)UserCode.Word(user.Rsi + 8));
            Assert.Equal(Page + 8, UserCode.Word(user.Rsi + 16)); // si_addr
        });
        code.Do(static (ref UserRegisters user) =>
        {
            const int Flags = MmapBits.MAP_PRIVATE | MmapBits.MAP_ANONYMOUS | MmapBits.MAP_FIXED;
            (user.Rax, user.Rdi, user.Rsi, user.Rdx) = (SyscallNumber.mmap, Page, 4096, 3);
            (user.R10, user.R8, user.R9) = (Flags, ulong.MaxValue, 0);
        });
        code.Call();
        code.Expect((long)Page, "mmap");
        code.Do(static (ref UserRegisters user) =>
        {
            // The interrupted store is one of this machine's instructions: back to its beginning.
            ulong rip = user.Rsp + 8 + 168;
            UserCode.SetWord(rip, UserCode.Word(rip) - 2);
        });
        code.Return();
        code.Mark(end);
    });

    // wait(2), WUNTRACED and WCONTINUED; the sleep that is stopped goes on to its end (restart_syscall(2)).
    [Fact]
    public void A_process_stops_and_goes_on() => ForSeeds(static code =>
    {
        UserCode.Label child = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Fork(child);
        code.KeepInRbx();
        code.Sleep(20_000);
        code.KillRbx(Signals.SIGSTOP);
        code.WaitRbx(Signals.SIGSTOP << 8 | 0x7F, WaitBits.WUNTRACED);
        code.Call(SyscallNumber.wait4, ulong.MaxValue, Data, WaitBits.WUNTRACED | WaitBits.WNOHANG);
        code.Expect(0, "a second report");
        code.KillRbx(Signals.SIGCONT);
        code.WaitRbx(0xFFFF, WaitBits.WCONTINUED);
        code.WaitRbx(2 << 8);
        code.Jump(end);

        code.Mark(child);
        code.Sleep(500_000);
        code.Expect(0, "the sleep");
        code.Exit(2);
        code.Mark(end);
    });

    [Fact]
    public void A_stopped_process_can_still_be_killed() => ForSeeds(static code =>
    {
        UserCode.Label child = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Fork(child);
        code.KeepInRbx();
        code.KillRbx(Signals.SIGSTOP);
        code.WaitRbx(Signals.SIGSTOP << 8 | 0x7F, WaitBits.WUNTRACED);
        code.KillRbx(Signals.SIGKILL);
        code.WaitRbx(Signals.SIGKILL);
        code.Jump(end);
        code.Mark(child);
        code.Sleep(10_000);
        code.Jump(child);
        code.Mark(end);
    });

    [Fact]
    public void A_process_without_readers_gets_a_signal() => ForSeeds(static code =>
    {
        UserCode.Label child = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Fork(child);
        code.KeepInRbx();
        code.WaitRbx(Signals.SIGPIPE);
        code.Jump(end);
        code.Mark(child);
        code.Call(SyscallNumber.pipe2, Data, 0);
        code.Do(static (ref UserRegisters user) =>
            (user.Rax, user.Rdi) = (SyscallNumber.close, (uint)UserCode.Word(Data)));
        code.Call();
        code.Do(static (ref UserRegisters user) =>
            (user.Rax, user.Rdi, user.Rsi, user.Rdx) = (SyscallNumber.write, (uint)UserCode.Word(Data + 4), Data, 1));
        code.Call();
        code.Do(static (ref UserRegisters _) => Assert.Fail("it lives"));
        code.Mark(end);
    });

    [Fact]
    public void A_signal_can_be_waited_for() => ForSeeds(static code =>
    {
        UserCode.Label child = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Block(Usr1);
        code.Fork(child);
        code.KeepInRbx();
        code.Do(static (ref UserRegisters _) => UserCode.SetWord(Data, Usr1));
        code.Call(SyscallNumber.rt_sigtimedwait, Data, Data + 64, 0, 8);
        code.Expect(Signals.SIGUSR1);
        code.Do(static (ref UserRegisters user) => Assert.Equal((int)user.Rbx, (int)UserCode.Word(Data + 64 + 16)));
        code.WaitRbx(0);
        code.Do(static (ref UserRegisters _) => UserCode.Set(Data + 32, new Timespec { tv_nsec = 1000 }));
        code.Call(SyscallNumber.rt_sigtimedwait, Data, 0, Data + 32, 8);
        code.Expect(-(int)Errno.EAGAIN);
        code.Jump(end);
        code.Mark(child);
        code.Call(SyscallNumber.kill, 1, Signals.SIGUSR1);
        code.Exit(0);
        code.Mark(end);
    });

    // setpgid(2), kill(2): a signal for a group reaches all members and nobody else.
    [Fact]
    public void A_group_is_signaled_as_one() => ForSeeds(static code =>
    {
        UserCode.Label child = code.NewLabel();
        UserCode.Label sleeper = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Fork(child);
        code.KeepInRbx();
        code.WaitRbx(Signals.SIGTERM);
        for (int i = 0; i < 2; i++)
        {
            code.Call(SyscallNumber.wait4, ulong.MaxValue, Data);
            code.Succeeds("waiting for the others");
            code.Do(static (ref UserRegisters _) => Assert.Equal(Signals.SIGTERM, (int)UserCode.Word(Data)));
        }

        code.Jump(end);
        code.Mark(child);
        code.Call(SyscallNumber.setsid);
        code.Succeeds("setsid");
        code.Fork(sleeper);
        code.Fork(sleeper);
        code.Call(SyscallNumber.kill, 0, Signals.SIGTERM);
        code.Do(static (ref UserRegisters _) => Assert.Fail("it lives"));
        code.Mark(sleeper);
        code.Call(SyscallNumber.pause);
        code.Mark(end);
    });

    private static void ForSeeds(Action<UserCode> build)
    {
        const int Count = 25;
        for (int seed = 0; seed < Count; seed++) TestMachine.Run(seed, build);
    }
}
