using System.Runtime.CompilerServices;

namespace System.Runtime.Intrinsics.X86;

/// <summary>
/// Instructions that the compiler knows by these names; part of x86-64-v2, the kernel's baseline.
/// </summary>
internal abstract class Popcnt
{
    [Intrinsic]
    internal static uint PopCount(uint value) => PopCount(value);

    internal abstract class X64
    {
        [Intrinsic]
        internal static ulong PopCount(ulong value) => PopCount(value);
    }
}
