using System.Runtime.InteropServices;

namespace Cashew.Machine;

/// <summary>The operand of lgdt and lidt.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
internal readonly struct TableDescriptor(ushort limit, ulong address)
{
    private readonly ushort _limit = limit;
    private readonly ulong _address = address;
}
