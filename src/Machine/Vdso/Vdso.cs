using System;

namespace Cashew.Machine;

/// <summary>The library that programs read the clocks with: src/Vdso.</summary>
public static unsafe class Vdso
{
    /// <summary>The library as it is to lie in memory, an ELF shared object.</summary>
    public static ReadOnlySpan<byte> Library
    {
        get
        {
            ulong start = Image.Table->VdsoStart;
            // SAFETY: the linker put the library between the two addresses, read-only and for good.
            return new ReadOnlySpan<byte>((void*)start, (int)(Image.Table->VdsoEnd - start));
        }
    }

    /// <summary>The page that has to lie before the library. Nobody but the clock writes to it.</summary>
    public static Frame Data => Clock.Page;
}
