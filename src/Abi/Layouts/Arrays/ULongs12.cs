using System.Runtime.CompilerServices;

namespace Cashew.Abi;

/// <summary>12 elements in place, for the layouts that hold an array.</summary>
[InlineArray(Length)]
public struct ULongs12
{
    public const int Length = 12;

    private ulong _first;
}
