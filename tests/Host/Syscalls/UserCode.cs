using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Xunit;

namespace Cashew.Host.Syscalls;

/// <summary>One instruction of a program: works on registers and, through <see cref="UserCode"/>,
/// memory.</summary>
internal delegate void UserOperation(ref UserRegisters user);

/// <summary>
/// A program for the simulated machine. Its instructions are delegates, two bytes long each as the one that
/// calls the kernel is, so that whatever the kernel does with the instruction pointer (fork, handlers,
/// restarts) works as it would with a real program. What a process wants to keep for itself, it keeps in
/// registers or memory.
/// </summary>
internal sealed class UserCode
{
    /// <summary>A word below the data, which every test may use; and the end of the memory that is
    /// there.</summary>
    internal const ulong Data = 0x60_2000;
    internal const ulong DataEnd = 0x60_4000;

    internal const ulong Start = 0x40_0100;

    // Where the calls below put what they pass by address.
    private const ulong ActionAt = Data + 0x1E00;
    private const ulong StatusAt = Data + 0x1E80;
    private const ulong TimeAt = Data + 0x1EC0;

    private const ulong InstructionBytes = 2;
    private const long StepNs = 50;

    private readonly List<UserOperation> _operations = [];
    private readonly Label _restorer = new();
    private bool _hasHandlers;

    /// <summary>The address of the next instruction.</summary>
    internal ulong Here => Start + (ulong)_operations.Count * InstructionBytes;

    internal static ulong Word(ulong at)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        for (int i = 0; i < bytes.Length; i++) bytes[i] = Simulation.Current.Load(new UserAddress(at + (ulong)i));
        return BitConverter.ToUInt64(bytes);
    }

    internal static void SetWord(ulong at, ulong value) => SetBytes(at, BitConverter.GetBytes(value));

    internal static void SetBytes(ulong at, ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++) Simulation.Current.Store(new UserAddress(at + (ulong)i), bytes[i]);
    }

    internal static void Set<T>(ulong at, in T value)
        where T : unmanaged
    {
        byte[] bytes = new byte[Marshal.SizeOf<T>()];
        MemoryMarshal.Write(bytes, in value);
        SetBytes(at, bytes);
    }

    /// <summary>Anything; it may jump by changing Rip.</summary>
    internal void Do(UserOperation operation) => _operations.Add(operation);

    /// <summary>A system call with the arguments given; the result is in Rax.</summary>
    internal void Call(long number, ulong a0 = 0, ulong a1 = 0, ulong a2 = 0, ulong a3 = 0, ulong a4 = 0)
    {
        Do((ref UserRegisters user) =>
        {
            user.Rax = (ulong)number;
            user.Rdi = a0;
            user.Rsi = a1;
            user.Rdx = a2;
            user.R10 = a3;
            user.R8 = a4;
            user.R9 = 0;
        });
        Call();
    }

    /// <summary>A system call with what is in the registers.</summary>
    internal void Call() => Do(static (ref UserRegisters user) =>
    {
        user.Rip -= InstructionBytes; // the simulation steps over it
        _ = Simulation.Current.SystemCall(
            (long)user.Rax, user.Rdi, user.Rsi, user.Rdx, user.R10, user.R8, user.R9);
    });

    /// <summary>A failing call fails the test.</summary>
    internal void Succeeds(string what = "the call") => Do((ref UserRegisters user) =>
        Assert.True((long)user.Rax >= 0, $"{what}: error {-(long)user.Rax}"));

    internal void Expect(long result, string what = "the result") => Do((ref UserRegisters user) =>
        Assert.True(result == (long)user.Rax, $"{what} is {(long)user.Rax}, not {result}"));

    internal Label NewLabel() => new();

    internal void Mark(Label label) => label.Address = Here;

    internal void Jump(Label label) => Do((ref UserRegisters user) => user.Rip = label.Address);

    internal void JumpIf(Func<UserRegisters, bool> condition, Label label) => Do((ref UserRegisters user) =>
    {
        if (condition(user)) user.Rip = label.Address;
    });

    internal void JumpIfZero(Label label) => JumpIf(static user => user.Rax == 0, label);

    /// <summary>Calls fork; the child begins at the label, the parent goes on with the child's id in
    /// Rax.</summary>
    internal void Fork(Label child)
    {
        Call(SyscallNumber.fork);
        JumpIfZero(child);
        Succeeds("fork");
    }

    /// <summary>A thread like those of pthread_create(3), with its own stack pointer; it begins at the
    /// label.</summary>
    internal void Thread(Label start, ulong stackPointer, ulong tidAddress)
    {
        const ulong Flags = CloneBits.CLONE_VM | CloneBits.CLONE_FS | CloneBits.CLONE_FILES | CloneBits.CLONE_SIGHAND
            | CloneBits.CLONE_THREAD | CloneBits.CLONE_SYSVSEM | CloneBits.CLONE_PARENT_SETTID
            | CloneBits.CLONE_CHILD_CLEARTID;
        Call(SyscallNumber.clone, Flags, stackPointer, tidAddress, tidAddress);
        JumpIfZero(start);
        Succeeds("clone");
    }

    /// <summary>Waits until a thread's id has been cleared, as pthread_join(3) does.</summary>
    internal void Join(ulong tidAddress)
    {
        Label again = NewLabel();
        Label gone = NewLabel();
        Mark(again);
        JumpIf(_ => (int)Word(tidAddress) == 0, gone);
        Do((ref UserRegisters user) =>
        {
            user.Rax = SyscallNumber.futex;
            user.Rdi = tidAddress;
            user.Rsi = FutexBits.FUTEX_WAIT;
            user.Rdx = (uint)Word(tidAddress);
            user.R10 = 0;
        });
        Call();
        Jump(again);
        Mark(gone);
    }

    /// <summary>Installs a handler; what it ends with is <see cref="Return"/>.</summary>
    internal void Handle(int signal, Label handler, ulong flags = 0)
    {
        Do((ref UserRegisters _) => Set(ActionAt, new Sigaction
        {
            handler = handler.Address,
            flags = flags | SigactionBits.SA_RESTORER,
            restorer = _restorer.Address,
        }));
        Call(SyscallNumber.rt_sigaction, (ulong)signal, ActionAt, 0, sizeof(ulong));
        Expect(0, "rt_sigaction");
        _hasHandlers = true;
    }

    /// <summary>Blocks a set of signals (SIG_SETMASK).</summary>
    internal void Block(ulong signals)
    {
        Do((ref UserRegisters _) => SetWord(ActionAt, signals));
        Call(SyscallNumber.rt_sigprocmask, SigmaskHow.SIG_SETMASK, ActionAt, 0, sizeof(ulong));
        Expect(0, "rt_sigprocmask");
    }

    /// <summary>Sends a signal to the process whose id is in Rbx.</summary>
    internal void KillRbx(int signal)
    {
        Do((ref UserRegisters user) => (user.Rax, user.Rdi, user.Rsi) = (SyscallNumber.kill, user.Rbx, (ulong)signal));
        Call();
        Expect(0, "kill");
    }

    /// <summary>Waits for the process whose id is in Rbx, and checks how it ended.</summary>
    internal void WaitRbx(int status, int options = 0)
    {
        Do((ref UserRegisters user) =>
            (user.Rax, user.Rdi, user.Rsi, user.Rdx, user.R10) =
                (SyscallNumber.wait4, user.Rbx, StatusAt, (ulong)options, 0));
        Call();
        Do((ref UserRegisters user) =>
        {
            Assert.Equal((long)user.Rbx, (long)user.Rax);
            Assert.Equal(status, (int)Word(StatusAt));
        });
    }

    internal void Sleep(long nanoseconds)
    {
        Do((ref UserRegisters _) => Set(TimeAt, new Timespec { tv_nsec = nanoseconds }));
        Call(SyscallNumber.nanosleep, TimeAt, 0);
    }

    /// <summary>Remembers the result in Rbx, which calls keep.</summary>
    internal void KeepInRbx() => Do(static (ref UserRegisters user) => user.Rbx = user.Rax);

    /// <summary>What comes behind all that tests have written.</summary>
    internal void Finish()
    {
        if (!_hasHandlers) return;
        Mark(_restorer);
        Call(SyscallNumber.rt_sigreturn);
    }

    internal void Exit(int status) => Call(SyscallNumber.exit_group, (ulong)status);

    /// <summary>Returns from a function: to the restorer, at the end of a signal handler.</summary>
    internal void Return() => Do(static (ref UserRegisters user) =>
    {
        user.Rip = Word(user.Rsp);
        user.Rsp += sizeof(ulong);
    });

    /// <summary>Plays the processor in user mode, from wherever the registers say.</summary>
    internal void Play(ThreadContext context)
    {
        while (true)
        {
            ulong at = context.User.Rip - Start;
            if (at / InstructionBytes >= (ulong)_operations.Count)
            {
                // What the processor says to an address that is none, or to bytes that are no instruction.
                Simulation.Current.RaiseException(new UserException(ExceptionVector.GeneralProtection, 0, default));
                continue;
            }

            context.User.Rip += InstructionBytes;
            _operations[(int)(at / InstructionBytes)](ref context.User);
            Simulation.Current.Compute(new Nanoseconds(StepNs));
        }
    }

    internal sealed class Label
    {
        internal ulong Address { get; set; }
    }
}
