using System.Runtime.CompilerServices;

namespace Cashew.Abi;

/// <summary>19 elements in place, for the layouts that hold an array.</summary>
[InlineArray(Length)]
public struct Bytes19
{
    public const int Length = 19;

    private byte _first;
}
