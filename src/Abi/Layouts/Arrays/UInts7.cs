using System.Runtime.CompilerServices;

namespace Cashew.Abi;

/// <summary>7 elements in place, for the layouts that hold an array.</summary>
[InlineArray(Length)]
public struct UInts7
{
    public const int Length = 7;

    private uint _first;
}
