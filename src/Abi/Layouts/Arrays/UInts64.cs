using System.Runtime.CompilerServices;

namespace Cashew.Abi;

/// <summary>64 elements in place, for the layouts that hold an array.</summary>
[InlineArray(Length)]
public struct UInts64
{
    public const int Length = 64;

    private uint _first;
}
