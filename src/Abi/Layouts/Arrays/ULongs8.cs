using System.Runtime.CompilerServices;

namespace Cashew.Abi;

/// <summary>8 elements in place, for the layouts that hold an array.</summary>
[InlineArray(Length)]
public struct ULongs8
{
    public const int Length = 8;

    private ulong _first;
}
