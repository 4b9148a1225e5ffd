namespace System.Collections.Generic;

/// <summary>For types that can compare themselves. Named by the compiler.</summary>
public sealed class GenericEqualityComparer<T> : EqualityComparer<T>
    where T : IEquatable<T>
{
    public override bool Equals(T? x, T? y)
    {
        if (x is null)
        {
            return y is null;
        }

        return y is not null && x.Equals(y);
    }

    public override int GetHashCode(T obj) => obj is null ? 0 : obj.GetHashCode();
}
