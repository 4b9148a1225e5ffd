using System;
using System.Runtime.CompilerServices;
using Cashew.Abi;

namespace Cashew.Processes;

/// <summary>A set of signals with the bits of the kernel's sigset_t: signal n is bit n - 1.</summary>
public readonly struct SignalSet : IEquatable<SignalSet>
{
    public const int MaxSignal = 64;

    public SignalSet(ulong bits) => Bits = bits;

    public ulong Bits { get; }

    public static SignalSet Empty => default;

    public static SignalSet All => new(ulong.MaxValue);

    /// <summary>SIGKILL and SIGSTOP: never blocked, caught or ignored.</summary>
    public static SignalSet Unblockable => new(1UL << Signals.SIGKILL - 1 | 1UL << Signals.SIGSTOP - 1);

    public bool IsEmpty => Bits == 0;

    /// <summary>The lowest signal of the set, or 0 when it is empty.</summary>
    public int First => Bits == 0 ? 0 : System.Numerics.BitOperations.TrailingZeroCount(Bits) + 1;

    public static SignalSet Of(int signal) => new(1UL << (signal - 1));

    public static bool IsValidSignal(int signal) => signal is >= 1 and <= MaxSignal;

    public bool Contains(int signal) => (Bits >> (signal - 1) & 1) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)] // 1 instruction, 4 as a call; a signal takes two dozen of them
    public SignalSet Without(SignalSet other) => new(Bits & ~other.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)] // as above
    public static SignalSet operator |(SignalSet left, SignalSet right) => new(left.Bits | right.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)] // as above
    public static SignalSet operator &(SignalSet left, SignalSet right) => new(left.Bits & right.Bits);

    public static SignalSet operator ~(SignalSet set) => new(~set.Bits);

    public static bool operator ==(SignalSet left, SignalSet right) => left.Bits == right.Bits;

    public static bool operator !=(SignalSet left, SignalSet right) => left.Bits != right.Bits;

    public bool Equals(SignalSet other) => Bits == other.Bits;

    public override bool Equals(object? obj) => obj is SignalSet other && Equals(other);

    public override int GetHashCode() => (int)(Bits ^ Bits >> 32);
}
