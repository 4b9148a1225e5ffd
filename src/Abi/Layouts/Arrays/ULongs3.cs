using System.Runtime.CompilerServices;

namespace Cashew.Abi;

/// <summary>3 elements in place, for the layouts that hold an array.</summary>
[InlineArray(Length)]
public struct ULongs3
{
    public const int Length = 3;

    private ulong _first;
}
