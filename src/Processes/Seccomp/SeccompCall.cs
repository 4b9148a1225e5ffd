using System;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>struct seccomp_data: what a filter sees of a call, word by word.</summary>
/// <source>seccomp(2), SECCOMP_SET_MODE_FILTER.</source>
public readonly ref struct SeccompCall
{
    public const uint SizeBytes = 64;

    private const int InstructionWord = 2;
    private const int ArgumentsWord = 4;

    private readonly ref readonly UserRegisters _user;

    public SeccompCall(in UserRegisters user) => _user = ref user;

    /// <param name="index">Below 16.</param>
    internal uint Word(int index) => index switch
    {
        0 => (uint)_user.OriginalRax,
        1 => SeccompBits.AUDIT_ARCH_X86_64,
        < ArgumentsWord => Half(_user.Rip, index - InstructionWord),
        _ => Half(Argument(index - ArgumentsWord >> 1), index & 1),
    };

    private ulong Argument(int index) => index switch
    {
        0 => _user.Rdi,
        1 => _user.Rsi,
        2 => _user.Rdx,
        3 => _user.R10,
        4 => _user.R8,
        _ => _user.R9,
    };

    private static uint Half(ulong value, int isHigh) => isHigh != 0 ? (uint)(value >> 32) : (uint)value;
}
