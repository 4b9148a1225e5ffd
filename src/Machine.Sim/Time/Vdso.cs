using System;

namespace Cashew.Machine;

/// <summary>The library that programs read the clocks with: no program runs here, so it has no
/// code.</summary>
public static class Vdso
{
    private static readonly byte[] s_library = "\u007fELF"u8.ToArray();

    public static ReadOnlySpan<byte> Library => s_library;

    /// <summary>A page of zeros, as good as any.</summary>
    public static Frame Data => Frame.Zero;
}
