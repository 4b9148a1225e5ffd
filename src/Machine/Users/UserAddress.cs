using System;

namespace Cashew.Machine;

/// <summary>An address as a user program names it. A number with units, never a pointer: nothing here
/// dereferences it.</summary>
public readonly struct UserAddress(ulong value) : IEquatable<UserAddress>, IComparable<UserAddress>
{
    /// <summary>
    /// First address no program can use: the lower half of four-level paging less its last page, so that no
    /// instruction's next address can become non-canonical.
    /// </summary>
    public const ulong LimitValue = 0x0000_7FFF_FFFF_F000;

    public const int PageSizeBytes = 4096;

    private const ulong PageMask = PageSizeBytes - 1;

    public ulong Value { get; } = value;

    public static UserAddress Limit => new(LimitValue);

    public bool IsNull => Value == 0;

    public int PageOffset => (int)(Value & PageMask);

    /// <summary>The start of the page that holds this address.</summary>
    public UserAddress PageDown => new(Value & ~PageMask);

    /// <summary>The first page boundary at or above this address; wraps to zero at the very top.</summary>
    public UserAddress PageUp => new((Value + PageMask) & ~PageMask);

    /// <summary>Do all bytes lie in the user half? True for an empty range anywhere below the
    /// limit.</summary>
    public static bool IsValidRange(UserAddress start, ulong lengthBytes) =>
        start.Value <= LimitValue && lengthBytes <= LimitValue - start.Value;

    public static UserAddress operator +(UserAddress address, ulong offset) => new(address.Value + offset);

    public static UserAddress operator -(UserAddress address, ulong offset) => new(address.Value - offset);

    public static ulong operator -(UserAddress left, UserAddress right) => left.Value - right.Value;

    public static bool operator ==(UserAddress left, UserAddress right) => left.Value == right.Value;

    public static bool operator !=(UserAddress left, UserAddress right) => left.Value != right.Value;

    public static bool operator <(UserAddress left, UserAddress right) => left.Value < right.Value;

    public static bool operator >(UserAddress left, UserAddress right) => left.Value > right.Value;

    public static bool operator <=(UserAddress left, UserAddress right) => left.Value <= right.Value;

    public static bool operator >=(UserAddress left, UserAddress right) => left.Value >= right.Value;

    public bool Equals(UserAddress other) => Value == other.Value;

    public override bool Equals(object? other) => other is UserAddress address && Value == address.Value;

    public override int GetHashCode() => Value.GetHashCode();

    public int CompareTo(UserAddress other) => Value.CompareTo(other.Value);
}
