using System.Runtime.CompilerServices;

namespace Cashew.Abi;

/// <summary>65 elements in place, for the layouts that hold an array.</summary>
[InlineArray(Length)]
public struct Bytes65
{
    public const int Length = 65;

    private byte _first;
}
