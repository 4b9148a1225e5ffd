using System.Runtime.CompilerServices;

namespace System.Collections.Generic;

/// <summary>The value of an enum as bits, whatever its size.</summary>
internal static class EnumBits
{
    /// <summary>Zero-extended: enough for equality.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Of<T>(ref T value)
        where T : struct =>
        Unsafe.SizeOf<T>() switch
        {
            1 => Unsafe.As<T, byte>(ref value),
            2 => Unsafe.As<T, ushort>(ref value),
            4 => Unsafe.As<T, uint>(ref value),
            _ => Unsafe.As<T, ulong>(ref value),
        };
}
