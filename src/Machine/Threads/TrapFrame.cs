using System.Runtime.InteropServices;

namespace Cashew.Machine;

/// <summary>What entry code leaves on the kernel stack: the vector registers the kernel uses, and the general
/// ones.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TrapFrame
{
    /// <summary>Saved low halves: xmm0 to xmm6, and xmm8.</summary>
    internal const int SavedVectors = 8;
    internal const int VectorBytes = 16;

    private readonly ulong _alignment;
    internal fixed byte Vectors[SavedVectors * VectorBytes];
    internal UserRegisters Registers;

    internal readonly bool IsFromUser => (Registers.Cs & 3) != 0;

    /// <summary>Which register a saved half belongs to.</summary>
    internal static int VectorNumber(int slot) => slot < SavedVectors - 1 ? slot : 8;
}
