namespace Cashew.Machine;

/// <summary>An address on the memory bus. Rooms above see <see cref="Frame"/>s instead.</summary>
public readonly struct PhysicalAddress(ulong value) : System.IEquatable<PhysicalAddress>
{
    public ulong Value { get; } = value;

    public static PhysicalAddress operator +(PhysicalAddress address, ulong offset) => new(address.Value + offset);

    public bool Equals(PhysicalAddress other) => Value == other.Value;
}
