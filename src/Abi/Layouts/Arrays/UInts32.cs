using System.Runtime.CompilerServices;

namespace Cashew.Abi;

/// <summary>32 elements in place, for the layouts that hold an array.</summary>
[InlineArray(Length)]
public struct UInts32
{
    public const int Length = 32;

    private uint _first;
}
