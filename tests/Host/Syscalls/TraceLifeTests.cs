using System;
using Cashew.Abi;
using Cashew.Machine;
using Xunit;

namespace Cashew.Host.Syscalls;

/// <summary>A tracer and its tracee, with the whole kernel under them and interrupts wherever the seed wants
/// them.</summary>
public sealed class TraceLifeTests
{
    private const ulong Data = UserCode.Data;

    // Places in struct user_regs_struct.
    private const ulong Rax = 10;
    private const ulong OriginalRax = 15;

    private const int TrapStop = Signals.SIGTRAP << 8 | 0x7F;
    private const int EventStop = (Signals.SIGTRAP | PtraceRequest.PTRACE_EVENT_STOP << 8) << 8 | 0x7F;

    // ptrace(2), "Signal injection and suppression".
    [Fact]
    public void A_signal_is_the_tracers_to_suppress_or_to_change() => ForSeeds(static code =>
    {
        UserCode.Label child = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Fork(child);
        code.KeepInRbx();
        code.WaitRbx(Signals.SIGUSR1 << 8 | 0x7F);
        Trace(code, PtraceRequest.PTRACE_CONT);
        code.WaitRbx(Signals.SIGUSR2 << 8 | 0x7F);
        Trace(code, PtraceRequest.PTRACE_CONT, signal: Signals.SIGTERM);
        code.WaitRbx(Signals.SIGTERM);
        code.Jump(end);

        code.Mark(child);
        code.Call(SyscallNumber.ptrace, PtraceRequest.PTRACE_TRACEME);
        code.Expect(0, "PTRACE_TRACEME");
        code.Call(SyscallNumber.getpid);
        code.KeepInRbx();
        code.KillRbx(Signals.SIGUSR1);
        code.KillRbx(Signals.SIGUSR2);
        code.Exit(1);
        code.Mark(end);
    });

    [Fact]
    public void A_word_that_the_tracer_writes_is_the_tracees() => ForSeeds(static code =>
    {
        UserCode.Label child = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Fork(child);
        code.KeepInRbx();
        code.Sleep(10_000);
        Trace(code, PtraceRequest.PTRACE_SEIZE);
        Trace(code, PtraceRequest.PTRACE_INTERRUPT);
        code.WaitRbx(EventStop);
        Trace(code, PtraceRequest.PTRACE_POKEDATA, Data, 1);
        Trace(code, PtraceRequest.PTRACE_PEEKDATA, Data, Data + 64);
        code.Do(static (ref UserRegisters user) =>
        {
            Assert.Equal(1UL, UserCode.Word(Data + 64));
            Assert.Equal(0UL, UserCode.Word(Data));
        });
        Trace(code, PtraceRequest.PTRACE_DETACH);
        code.WaitRbx(6 << 8);
        code.Jump(end);

        code.Mark(child);
        code.Sleep(5_000);
        code.JumpIf(static user => UserCode.Word(Data) == 0, child);
        code.Exit(6);
        code.Mark(end);
    });

    [Fact]
    public void A_system_call_is_seen_at_its_entry_and_its_exit() => ForSeeds(static code =>
    {
        UserCode.Label child = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Fork(child);
        code.KeepInRbx();
        code.WaitRbx(Signals.SIGUSR1 << 8 | 0x7F);
        Trace(code, PtraceRequest.PTRACE_SYSCALL);
        code.WaitRbx(TrapStop);
        ExpectRegister(code, OriginalRax, SyscallNumber.getppid);
        ExpectRegister(code, Rax, unchecked((ulong)-(long)Errno.ENOSYS));
        Trace(code, PtraceRequest.PTRACE_SYSCALL);
        code.WaitRbx(TrapStop);
        ExpectRegister(code, Rax, 1);
        Trace(code, PtraceRequest.PTRACE_POKEUSER, Rax * sizeof(ulong), 77);
        Trace(code, PtraceRequest.PTRACE_CONT);
        code.WaitRbx(0);
        code.Jump(end);

        code.Mark(child);
        code.Call(SyscallNumber.ptrace, PtraceRequest.PTRACE_TRACEME);
        code.Call(SyscallNumber.getpid);
        code.KeepInRbx();
        code.KillRbx(Signals.SIGUSR1);
        code.Call(SyscallNumber.getppid);
        code.Expect(77, "what the tracer said");
        code.Exit(0);
        code.Mark(end);
    });

    // ptrace(2), "Death under ptrace"; and nothing is left over, which the machine checks.
    [Fact]
    public void A_kill_ends_any_stop() => ForSeeds(static code =>
    {
        UserCode.Label child = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Fork(child);
        code.KeepInRbx();
        Trace(code, PtraceRequest.PTRACE_SEIZE);
        Trace(code, PtraceRequest.PTRACE_INTERRUPT);
        code.KillRbx(Signals.SIGKILL);
        // The stop may have come first, and then it is told of first.
        code.Call(SyscallNumber.wait4, ulong.MaxValue, Data);
        code.JumpIf(static user => (int)UserCode.Word(Data) == Signals.SIGKILL, end);
        code.WaitRbx(Signals.SIGKILL);
        code.Jump(end);

        code.Mark(child);
        code.Sleep(10_000);
        code.Jump(child);
        code.Mark(end);
    });

    [Fact]
    public void A_tracee_goes_on_when_its_tracer_is_killed() => ForSeeds(static code =>
    {
        UserCode.Label child = code.NewLabel();
        UserCode.Label tracer = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Fork(child);
        code.KeepInRbx();
        code.Fork(tracer);
        code.Do(static (ref UserRegisters user) => user.R12 = user.Rax);
        code.Sleep(30_000);
        code.Do(static (ref UserRegisters user) =>
            (user.Rax, user.Rdi, user.Rsi) = (SyscallNumber.kill, user.R12, Signals.SIGKILL));
        code.Call();
        code.Do(static (ref UserRegisters user) =>
            (user.Rax, user.Rdi, user.Rsi, user.Rdx, user.R10) = (SyscallNumber.wait4, user.R12, Data, 0, 0));
        code.Call();
        code.WaitRbx(3 << 8);
        code.Jump(end);

        code.Mark(child);
        code.Sleep(200_000);
        code.Exit(3);

        code.Mark(tracer);
        Trace(code, PtraceRequest.PTRACE_SEIZE);
        Trace(code, PtraceRequest.PTRACE_INTERRUPT);
        UserCode.Label forever = code.NewLabel();
        code.Mark(forever);
        code.Sleep(10_000);
        code.Jump(forever);
        code.Mark(end);
    });

    /// <summary>A request to the process in RBX, which must succeed.</summary>
    private static void Trace(UserCode code, int request, ulong address = 0, ulong signal = 0)
    {
        code.Do((ref UserRegisters user) =>
            (user.Rax, user.Rdi, user.Rsi, user.Rdx, user.R10) =
                (SyscallNumber.ptrace, (ulong)request, user.Rbx, address, signal));
        code.Call();
        code.Expect(0, $"request {request}");
    }

    private static void ExpectRegister(UserCode code, ulong index, ulong value)
    {
        Trace(code, PtraceRequest.PTRACE_PEEKUSER, index * sizeof(ulong), Data + 128);
        code.Do((ref UserRegisters user) => Assert.Equal(value, UserCode.Word(Data + 128)));
    }

    private static void ForSeeds(Action<UserCode> build)
    {
        for (int seed = 1; seed <= 20; seed++) _ = TestMachine.Run(seed, build);
    }
}
