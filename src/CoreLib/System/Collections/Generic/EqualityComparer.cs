using System.Runtime.CompilerServices;

namespace System.Collections.Generic;

/// <summary>
/// Equality by the type's own <see cref="IEquatable{T}"/>. The ahead-of-time compiler knows
/// <see cref="Default"/>: for a type that it can name it picks the class below that fits and calls it
/// directly.
/// </summary>
public abstract class EqualityComparer<T> : IEqualityComparer<T>
{
    private static readonly EqualityComparer<T> s_default = Create();

    public static EqualityComparer<T> Default
    {
        [Intrinsic]
        get => s_default;
    }

    public abstract bool Equals(T? x, T? y);

    public abstract int GetHashCode(T obj);

    // The compiler replaces the body wherever T is known; this one serves code that reference types share.
    [Intrinsic]
    private static EqualityComparer<T> Create() => new ObjectEqualityComparer<T>();
}
