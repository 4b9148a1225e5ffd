using System.Runtime.CompilerServices;

namespace Cashew.Abi;

/// <summary>16 elements in place, for the layouts that hold an array.</summary>
[InlineArray(Length)]
public struct Bytes16
{
    public const int Length = 16;

    private byte _first;
}
