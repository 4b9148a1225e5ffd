using System.Runtime.CompilerServices;

namespace System.Runtime.Intrinsics.X86;

/// <summary>Instructions that the compiler knows by these names. A scan of zero has no result.</summary>
internal abstract class X86Base
{
    [Intrinsic]
    internal static uint BitScanForward(uint value) => BitScanForward(value);

    [Intrinsic]
    internal static uint BitScanReverse(uint value) => BitScanReverse(value);

    internal abstract class X64
    {
        [Intrinsic]
        internal static ulong BitScanForward(ulong value) => BitScanForward(value);

        [Intrinsic]
        internal static ulong BitScanReverse(ulong value) => BitScanReverse(value);
    }
}
