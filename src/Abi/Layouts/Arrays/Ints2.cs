using System.Runtime.CompilerServices;

namespace Cashew.Abi;

/// <summary>2 elements in place, for the layouts that hold an array.</summary>
[InlineArray(Length)]
public struct Ints2
{
    public const int Length = 2;

    private int _first;
}
