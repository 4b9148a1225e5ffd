namespace System.Collections.Generic;

/// <summary>For types that have only <see cref="object.Equals(object)"/>. Named by the compiler.</summary>
public sealed class ObjectEqualityComparer<T> : EqualityComparer<T>
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
