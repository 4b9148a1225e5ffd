namespace Cashew.Abi;

/// <summary>What a system call leaves in RAX: a value, or -errno.</summary>
/// <remarks>
/// Only the last page of values means an error to a program (-4095 to -1): addresses in the upper half and
/// the negative results of calls like lseek(2) on /dev/mem are values.
/// </remarks>
public readonly struct SyscallResult(nint value)
{
    /// <summary>The highest number an error can have.</summary>
    private const nint MaximumErrno = 4095;

    public nint Value { get; } = value;

    public bool IsError => Value < 0 && Value >= -MaximumErrno;

    /// <summary><see cref="Errno.None"/> for a success.</summary>
    public Errno Error => IsError ? (Errno)(-Value) : Errno.None;

    /// <summary>The value of a success; zero for an error.</summary>
    public long Count => IsError ? 0 : Value;

    public static implicit operator SyscallResult(Errno error) => new(-(nint)error);

    public static implicit operator SyscallResult(int value) => new(value);

    public static implicit operator SyscallResult(uint value) => new((nint)value);

    public static implicit operator SyscallResult(long value) => new((nint)value);

    public static implicit operator SyscallResult(nint value) => new(value);

    public static implicit operator SyscallResult(IoResult result) => new(result.Value);
}
