using System.Runtime.CompilerServices;

namespace Cashew.Abi;

/// <summary>28 elements in place, for the layouts that hold an array.</summary>
[InlineArray(Length)]
public struct Bytes28
{
    public const int Length = 28;

    private byte _first;
}
