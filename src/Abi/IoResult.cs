namespace Cashew.Abi;

/// <summary>
/// What a read, a write or a call like them yields: one machine word that is a count when it is not negative
/// and -errno when it is. Small enough to come back in a register, and already in the shape a program sees.
/// </summary>
public readonly struct IoResult(nint value)
{
    public nint Value { get; } = value;

    public bool IsError => Value < 0;

    /// <summary><see cref="Errno.None"/> for a success.</summary>
    public Errno Error => Value < 0 ? (Errno)(-Value) : Errno.None;

    /// <summary>The count of a success; zero for an error.</summary>
    public long Count => Value < 0 ? 0 : Value;

    public static implicit operator IoResult(Errno error) => new(-(nint)error);

    public static implicit operator IoResult(int count) => new(count);

    public static implicit operator IoResult(long count) => new((nint)count);

    public static implicit operator IoResult(nint value) => new(value);
}
