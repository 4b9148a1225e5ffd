using System.Collections;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace System;

public abstract partial class Array
{
    // Layout known to the compiler: the count, then (padded to eight bytes) the elements.
    private int _numComponents;
    private int _padding;

    /// <summary>The longest array .NET makes.</summary>
    public static int MaxLength => 0x7FFF_FFC7;

    public int Length => _numComponents;

    public long LongLength => _numComponents;

    public int Rank => 1;

    public static T[] Empty<T>() => EmptyArray<T>.Value;

    private static class EmptyArray<T>
    {
        internal static readonly T[] Value = new T[0];
    }
}
