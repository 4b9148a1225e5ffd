namespace System.Collections.Generic;

/// <summary>The absent value comes first. Named by the compiler.</summary>
public sealed class NullableComparer<T> : Comparer<T?>
    where T : struct
{
    public override int Compare(T? x, T? y)
    {
        if (!x.HasValue)
        {
            return y.HasValue ? -1 : 0;
        }

        return y.HasValue ? Comparer<T>.Default.Compare(x.GetValueOrDefault(), y.GetValueOrDefault()) : 1;
    }
}
