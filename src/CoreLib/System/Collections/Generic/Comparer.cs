using System.Runtime.CompilerServices;

namespace System.Collections.Generic;

/// <summary>
/// Order by the type's own <see cref="IComparable{T}"/>; see  <see cref="EqualityComparer{T}"/>.
/// </summary>
public abstract class Comparer<T> : IComparer<T>
{
    private static readonly Comparer<T> s_default = Create();

    public static Comparer<T> Default
    {
        [Intrinsic]
        get => s_default;
    }

    public static Comparer<T> Create(Comparison<T> comparison) => new ComparisonComparer<T>(comparison);

    public abstract int Compare(T? x, T? y);

    [Intrinsic]
    private static Comparer<T> Create() => new ObjectComparer<T>();
}
