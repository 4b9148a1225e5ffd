namespace System.Collections.Generic;

/// <summary>For types that can compare themselves; null comes first. Named by the compiler.</summary>
public sealed class GenericComparer<T> : Comparer<T>
    where T : IComparable<T>
{
    public override int Compare(T? x, T? y)
    {
        if (x is null)
        {
            return y is null ? 0 : -1;
        }

        return y is null ? 1 : x.CompareTo(y);
    }
}
