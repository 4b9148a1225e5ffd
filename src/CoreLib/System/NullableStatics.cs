using System.Collections.Generic;

namespace System;

public static class Nullable
{
    public static bool Equals<T>(T? n1, T? n2)
        where T : struct =>
        n1.HasValue == n2.HasValue
        && (!n1.HasValue
            || EqualityComparer<T>.Default.Equals(n1.GetValueOrDefault(), n2.GetValueOrDefault()));

    public static int Compare<T>(T? n1, T? n2)
        where T : struct =>
        Comparer<T?>.Default.Compare(n1, n2);
}
