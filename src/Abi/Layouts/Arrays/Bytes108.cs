using System.Runtime.CompilerServices;

namespace Cashew.Abi;

/// <summary>108 elements in place, for the layouts that hold an array.</summary>
[InlineArray(Length)]
public struct Bytes108
{
    public const int Length = 108;

    private byte _first;
}
