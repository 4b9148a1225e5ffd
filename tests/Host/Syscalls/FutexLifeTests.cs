using System;
using Cashew.Abi;
using Cashew.Host.Processes;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Memory;
using Cashew.Processes;
using Xunit;

namespace Cashew.Host.Syscalls;

/// <summary>Threads that sleep on words of memory.</summary>
public sealed class FutexLifeTests
{
    private const ulong Data = UserCode.Data;
    private const ulong Mutex = Data;
    private const ulong Counter = Data + 8;
    private const ulong Second = Data + 16;
    private const ulong Awake = Data + 24;
    private const ulong Tids = Data + 64;
    private const ulong Stacks = Data + 0x1000;

    // Ulrich Drepper, "Futexes Are Tricky", mutex 2: 0 free, 1 taken, 2 taken and perhaps waited for.
    [Fact]
    public void A_mutex_keeps_threads_apart() => ForSeeds(static code =>
    {
        const int Threads = 4;
        const int Rounds = 12;
        UserCode.Label worker = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        for (ulong i = 0; i < Threads; i++) code.Thread(worker, Stacks + 0x100 * (i + 1), Tids + 4 * i);
        for (ulong i = 0; i < Threads; i++) code.Join(Tids + 4 * i);
        code.Do(static (ref UserRegisters _) =>
        {
            Assert.Equal((ulong)(Threads * Rounds), UserCode.Word(Counter));
            Assert.Equal(0, (int)UserCode.Word(Mutex));
        });
        code.Jump(end);

        code.Mark(worker);
        code.Do(static (ref UserRegisters user) => user.Rbx = Rounds);
        UserCode.Label next = code.NewLabel();
        code.Mark(next);
        Lock(code);
        // Read, let others in, write: without the lock updates would be lost.
        code.Do(static (ref UserRegisters user) => user.R12 = UserCode.Word(Counter));
        code.Call(SyscallNumber.sched_yield);
        code.Do(static (ref UserRegisters user) => UserCode.SetWord(Counter, user.R12 + 1));
        Unlock(code);
        code.Do(static (ref UserRegisters user) => user.Rbx--);
        code.JumpIf(static user => user.Rbx != 0, next);
        code.Call(SyscallNumber.exit);
        code.Mark(end);
    });

    [Fact]
    public void Waiters_are_woken_by_number_and_moved_by_number() => ForSeeds(static code =>
    {
        const int Threads = 5;
        UserCode.Label waiter = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        for (ulong i = 0; i < Threads; i++) code.Thread(waiter, Stacks + 0x100 * (i + 1), Tids + 4 * i);
        code.Sleep(1_000_000); // all sleep by now
        code.Call(SyscallNumber.futex, Mutex, FutexBits.FUTEX_WAKE, 1);
        code.Expect(1, "woken");
        code.Call(SyscallNumber.futex, Mutex, FutexBits.FUTEX_WAKE_BITSET, 9, 0, 0);
        code.Do(static (ref UserRegisters user) => user.R9 = 4);
        code.Do(static (ref UserRegisters user) =>
            (user.Rax, user.Rdi, user.Rsi, user.Rdx) = (SyscallNumber.futex, Mutex, FutexBits.FUTEX_WAKE_BITSET, 9));
        code.Call();
        code.Expect(0, "woken with another bit");
        code.Call(SyscallNumber.futex, Mutex, FutexBits.FUTEX_REQUEUE, 1, 2, Second);
        code.Expect(3, "woken and moved");
        code.Call(SyscallNumber.futex, Mutex, FutexBits.FUTEX_WAKE, int.MaxValue);
        code.Expect(1, "left");
        code.Call(SyscallNumber.futex, Second, FutexBits.FUTEX_WAKE, int.MaxValue);
        code.Expect(2, "moved");
        for (ulong i = 0; i < Threads; i++) code.Join(Tids + 4 * i);
        code.Do(static (ref UserRegisters _) => Assert.Equal((ulong)Threads, UserCode.Word(Awake)));
        code.Jump(end);

        code.Mark(waiter);
        code.Do(static (ref UserRegisters user) =>
        {
            (user.Rax, user.Rdi, user.Rsi) = (SyscallNumber.futex, Mutex, FutexBits.FUTEX_WAIT_BITSET);
            (user.Rdx, user.R10, user.R9) = (0, 0, 3);
        });
        code.Call();
        code.Expect(0, "the wait");
        code.Do(static (ref UserRegisters _) => UserCode.SetWord(Awake, UserCode.Word(Awake) + 1));
        code.Call(SyscallNumber.exit);
        code.Mark(end);
    });

    [Fact]
    public void A_wait_that_nobody_ends_ends_in_time() => ForSeeds(static code =>
    {
        code.Do(static (ref UserRegisters _) => UserCode.Set(Data + 32, new Timespec { tv_nsec = 50_000 }));
        code.Call(SyscallNumber.futex, Mutex, FutexBits.FUTEX_WAIT, 0, Data + 32);
        code.Expect(-(int)Errno.ETIMEDOUT);
        code.Call(SyscallNumber.futex, Mutex, FutexBits.FUTEX_WAIT, 1, Data + 32);
        code.Expect(-(int)Errno.EAGAIN);
        code.Call(SyscallNumber.futex, Mutex + 2, FutexBits.FUTEX_WAIT, 0);
        code.Expect(-(int)Errno.EINVAL);
        code.Call(SyscallNumber.futex, 0x1000, FutexBits.FUTEX_WAIT | FutexBits.FUTEX_PRIVATE_FLAG, 0);
        code.Expect(-(int)Errno.EFAULT);
    });

    // futex(2), FUTEX_WAKE_OP: every operation with every comparison.
    [Fact]
    public void An_operation_does_what_its_bits_say()
    {
        Simulation.Reset();
        using TestProcess process = new();
        AddressSpace space = process.EnterNewMemory();
        MapRequest request = new() { LengthBytes = 4096, Rights = PageRights.Read | PageRights.Write };
        Assert.True(space.TryMap(request, out UserAddress at, out _));
        Assert.Equal(4, space.CopyOut(at, new byte[4]));
        Random random = new(9);
        for (int round = 0; round < 20_000; round++)
        {
            uint operation = (uint)random.Next(16);
            uint comparison = (uint)random.Next(8);
            int argument = random.Next(4096);
            int comparand = random.Next(4096);
            uint old = random.Next(2) == 0 ? (uint)random.Next(-5, 5) : (uint)random.Next();
            if (random.Next(3) == 0) old = (uint)Signed(comparand);
            Assert.True(UserMemory.TryWrite(at, old));

            uint encoded = operation << 28 | comparison << 24 | (uint)argument << 12 | (uint)comparand;
            Errno error = new FutexOperation(encoded).Apply(at, out bool isTrue);
            bool isKnown = (operation & 7) < 5 && comparison < 6;
            Assert.Equal(isKnown ? Errno.None : Errno.ENOSYS, error);
            Assert.True(UserMemory.TryRead(at, out uint now));
            uint operand = (operation & 8) != 0 ? 1U << (argument & 31) : (uint)Signed(argument);
            Assert.Equal(isKnown ? Result(operation & 7, old, operand) : old, now);
            if (isKnown) Assert.Equal(IsTrue(comparison, (int)old, Signed(comparand)), isTrue);
        }
    }

    private static int Signed(int twelveBits) => twelveBits << 20 >> 20;

    private static uint Result(uint operation, uint old, uint operand) => operation switch
    {
        0 => operand,
        1 => old + operand,
        2 => old | operand,
        3 => old & ~operand,
        _ => old ^ operand,
    };

    private static bool IsTrue(uint comparison, int old, int operand) => comparison switch
    {
        0 => old == operand,
        1 => old != operand,
        2 => old < operand,
        3 => old <= operand,
        4 => old > operand,
        _ => old >= operand,
    };

    private static void Lock(UserCode code)
    {
        UserCode.Label wait = code.NewLabel();
        UserCode.Label taken = code.NewLabel();
        code.Do(static (ref UserRegisters user) => user.R13 = Exchange(0, 1));
        code.JumpIf(static user => user.R13 == 0, taken);
        code.Mark(wait);
        code.Do(static (ref UserRegisters user) =>
        {
            user.R13 = (uint)UserCode.Word(Mutex);
            SetMutex(2);
        });
        code.JumpIf(static user => user.R13 == 0, taken);
        code.Call(SyscallNumber.futex, Mutex, FutexBits.FUTEX_WAIT | FutexBits.FUTEX_PRIVATE_FLAG, 2);
        code.Jump(wait);
        code.Mark(taken);
    }

    private static void Unlock(UserCode code)
    {
        UserCode.Label free = code.NewLabel();
        code.Do(static (ref UserRegisters user) =>
        {
            user.R13 = (uint)UserCode.Word(Mutex);
            SetMutex(0);
        });
        code.JumpIf(static user => user.R13 == 1, free);
        code.Call(SyscallNumber.futex, Mutex, FutexBits.FUTEX_WAKE | FutexBits.FUTEX_PRIVATE_FLAG, 1);
        code.Mark(free);
    }

    /// <summary>An instruction of a program is not interrupted: this is atomic.</summary>
    private static uint Exchange(uint expected, uint value)
    {
        uint old = (uint)UserCode.Word(Mutex);
        if (old == expected) SetMutex(value);
        return old;
    }

    private static void SetMutex(uint value) => UserCode.Set(Mutex, value);

    private static void ForSeeds(Action<UserCode> build)
    {
        const int Count = 25;
        for (int seed = 0; seed < Count; seed++) TestMachine.Run(seed, build);
    }
}
