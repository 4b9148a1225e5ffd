using System;
using Cashew.Abi;

namespace Cashew.Files;

/// <summary>A set of capabilities, one bit each, as capget(2) lays them out.</summary>
public readonly struct CapabilitySet(ulong bits) : IEquatable<CapabilitySet>
{
    private const int LastCapability = Capability.CAP_CHECKPOINT_RESTORE;

    public static CapabilitySet None => default;
    public static CapabilitySet All => new((1UL << (LastCapability + 1)) - 1);

    public ulong Bits { get; } = bits;

    public bool Has(int capability) => (Bits & (1UL << capability)) != 0;
    public CapabilitySet With(int capability) => new(Bits | (1UL << capability));
    public CapabilitySet Without(int capability) => new(Bits & ~(1UL << capability));
    public bool IsSubsetOf(CapabilitySet other) => (Bits & ~other.Bits) == 0;

    public bool Equals(CapabilitySet other) => Bits == other.Bits;
    public override bool Equals(object? obj) => obj is CapabilitySet other && Equals(other);
    public override int GetHashCode() => Bits.GetHashCode();

    public static CapabilitySet operator |(CapabilitySet left, CapabilitySet right) => new(left.Bits | right.Bits);
    public static CapabilitySet operator &(CapabilitySet left, CapabilitySet right) => new(left.Bits & right.Bits);
}
