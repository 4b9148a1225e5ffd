using System.Runtime.CompilerServices;

namespace System;

public abstract partial class Array
{
    // Layout known to the compiler: the count, then (padded to eight bytes) the elements.
    private int _numComponents;
    private int _padding;

    public int Length => _numComponents;

    public long LongLength => _numComponents;

    public int Rank => 1;

    public static T[] Empty<T>() => EmptyArray<T>.Value;

    private static class EmptyArray<T>
    {
        internal static readonly T[] Value = new T[0];
    }
}

/// <summary>The compiler makes every T[] a subclass of this, so that arrays can be foreach-ed as a list.</summary>
internal class Array<T> : Array
{
}

internal sealed class RawArrayData
{
    internal uint Length;
    internal uint Padding;
    internal byte Data;
}

internal sealed class RawData
{
    internal byte Data;
}
