using Cashew.Machine;

namespace Cashew.Syscalls;

/// <summary>The registers of a system call.</summary>
/// <source>syscall(2), "Architecture calling conventions".</source>
internal readonly ref struct SyscallArguments
{
    private readonly ref UserRegisters _registers;

    internal SyscallArguments(ref UserRegisters registers) => _registers = ref registers;

    /// <summary>All of the program's registers, for the calls that copy or replace them.</summary>
    internal ref UserRegisters Registers => ref _registers;

    internal SyscallArgument A0 => new(_registers.Rdi);

    internal SyscallArgument A1 => new(_registers.Rsi);

    internal SyscallArgument A2 => new(_registers.Rdx);

    internal SyscallArgument A3 => new(_registers.R10);

    internal SyscallArgument A4 => new(_registers.R8);

    internal SyscallArgument A5 => new(_registers.R9);
}
