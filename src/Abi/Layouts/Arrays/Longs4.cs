using System.Runtime.CompilerServices;

namespace Cashew.Abi;

/// <summary>4 elements in place, for the layouts that hold an array.</summary>
[InlineArray(Length)]
public struct Longs4
{
    public const int Length = 4;

    private long _first;
}
