using Internal.Runtime;
using System.Runtime.CompilerServices;

namespace System.Collections.Generic;

/// <summary>Orders enums by their underlying value, without boxing. Named by the compiler.</summary>
public sealed unsafe class EnumComparer<T> : Comparer<T>
    where T : struct
{
    public override int Compare(T x, T y) => MethodTable.Of<T>()->ElementType switch
    {
        ElementType.SByte => Unsafe.As<T, sbyte>(ref x).CompareTo(Unsafe.As<T, sbyte>(ref y)),
        ElementType.Int16 => Unsafe.As<T, short>(ref x).CompareTo(Unsafe.As<T, short>(ref y)),
        ElementType.Int32 => Unsafe.As<T, int>(ref x).CompareTo(Unsafe.As<T, int>(ref y)),
        ElementType.Int64 => Unsafe.As<T, long>(ref x).CompareTo(Unsafe.As<T, long>(ref y)),
        _ => EnumBits.Of(ref x).CompareTo(EnumBits.Of(ref y)),
    };
}
