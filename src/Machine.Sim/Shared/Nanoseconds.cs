using System;

namespace Cashew.Machine;

/// <summary>A length of time, or a point on a clock, in nanoseconds. 292 years fit.</summary>
public readonly struct Nanoseconds(long value) : IEquatable<Nanoseconds>, IComparable<Nanoseconds>
{
    public const long PerMicrosecond = 1_000;
    public const long PerMillisecond = 1_000_000;
    public const long PerSecond = 1_000_000_000;

    public long Value { get; } = value;

    public static Nanoseconds Zero => default;

    /// <summary>As a deadline: never.</summary>
    public static Nanoseconds Max => new(long.MaxValue);

    public static Nanoseconds FromSeconds(long seconds) => new(seconds * PerSecond);

    public static Nanoseconds FromMilliseconds(long milliseconds) => new(milliseconds * PerMillisecond);

    public static Nanoseconds FromMicroseconds(long microseconds) => new(microseconds * PerMicrosecond);

    public static Nanoseconds operator +(Nanoseconds left, Nanoseconds right) => new(left.Value + right.Value);

    public static Nanoseconds operator -(Nanoseconds left, Nanoseconds right) => new(left.Value - right.Value);

    public static Nanoseconds operator *(Nanoseconds left, long factor) => new(left.Value * factor);

    public static bool operator ==(Nanoseconds left, Nanoseconds right) => left.Value == right.Value;

    public static bool operator !=(Nanoseconds left, Nanoseconds right) => left.Value != right.Value;

    public static bool operator <(Nanoseconds left, Nanoseconds right) => left.Value < right.Value;

    public static bool operator >(Nanoseconds left, Nanoseconds right) => left.Value > right.Value;

    public static bool operator <=(Nanoseconds left, Nanoseconds right) => left.Value <= right.Value;

    public static bool operator >=(Nanoseconds left, Nanoseconds right) => left.Value >= right.Value;

    public bool Equals(Nanoseconds other) => Value == other.Value;

    public override bool Equals(object? other) => other is Nanoseconds time && Value == time.Value;

    public override int GetHashCode() => Value.GetHashCode();

    public int CompareTo(Nanoseconds other) => Value.CompareTo(other.Value);
}
