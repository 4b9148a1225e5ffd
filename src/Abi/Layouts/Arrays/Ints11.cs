using System.Runtime.CompilerServices;

namespace Cashew.Abi;

/// <summary>11 elements in place, for the layouts that hold an array.</summary>
[InlineArray(Length)]
public struct Ints11
{
    public const int Length = 11;

    private int _first;
}
