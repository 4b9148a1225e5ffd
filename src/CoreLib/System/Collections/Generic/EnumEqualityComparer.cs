using System.Runtime.CompilerServices;

namespace System.Collections.Generic;

/// <summary>Compares enums by their bits, without boxing. Named by the compiler.</summary>
public sealed class EnumEqualityComparer<T> : EqualityComparer<T>
    where T : struct
{
    public override bool Equals(T x, T y) => EnumBits.Of(ref x) == EnumBits.Of(ref y);

    public override int GetHashCode(T obj) => EnumBits.Of(ref obj).GetHashCode();
}
