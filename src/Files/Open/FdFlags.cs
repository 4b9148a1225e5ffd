using System;
using Cashew.Abi;

namespace Cashew.Files;

/// <summary>What belongs to a descriptor and not to the open file. So far there is one such flag.</summary>
public readonly struct FdFlags(bool isCloseOnExec) : IEquatable<FdFlags>
{
    public static FdFlags None => default;
    public static FdFlags CloseOnExec => new(true);

    /// <summary>Exec closes the descriptor.</summary>
    public bool IsCloseOnExec { get; } = isCloseOnExec;

    /// <summary>Out of the flags of open(2), dup3(2), pipe2(2).</summary>
    public static FdFlags FromOpen(uint flags) => new((flags & OpenBits.O_CLOEXEC) != 0);

    public bool Equals(FdFlags other) => IsCloseOnExec == other.IsCloseOnExec;
    public override bool Equals(object? obj) => obj is FdFlags other && Equals(other);
    public override int GetHashCode() => IsCloseOnExec ? 1 : 0;
}
