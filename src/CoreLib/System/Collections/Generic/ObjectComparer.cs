namespace System.Collections.Generic;

/// <summary>
/// For types whose order is known only at run time, if they have one. Named by the compiler.
/// </summary>
public sealed class ObjectComparer<T> : Comparer<T>
{
    public override int Compare(T? x, T? y)
    {
        if (x is null)
        {
            return y is null ? 0 : -1;
        }

        if (y is null)
        {
            return 1;
        }

        return x is IComparable<T> comparable
            ? comparable.CompareTo(y)
            : throw new InvalidOperationException("values without an order were compared");
    }
}
