using Cashew.Machine;

namespace Cashew.Syscalls;

/// <summary>One argument register, which becomes what the call's handler declares. What does not fit a
/// narrower type is cut off, as the C declaration of the call says.</summary>
internal readonly struct SyscallArgument(ulong value)
{
    private readonly ulong _value = value;

    public static implicit operator ulong(SyscallArgument argument) => argument._value;

    public static implicit operator long(SyscallArgument argument) => (long)argument._value;

    public static implicit operator uint(SyscallArgument argument) => (uint)argument._value;

    public static implicit operator int(SyscallArgument argument) => (int)argument._value;

    public static implicit operator UserAddress(SyscallArgument argument) => new(argument._value);
}
