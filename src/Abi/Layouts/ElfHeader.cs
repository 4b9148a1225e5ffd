using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>The header of an ELF file.</summary>
/// <source>elf(5)</source>
[StructLayout(LayoutKind.Sequential)]
public struct ElfHeader
{
    public Bytes16 e_ident;
    public ushort e_type;
    public ushort e_machine;
    public uint e_version;
    public ulong e_entry;
    public ulong e_phoff;
    public ulong e_shoff;
    public uint e_flags;
    public ushort e_ehsize;
    public ushort e_phentsize;
    public ushort e_phnum;
    public ushort e_shentsize;
    public ushort e_shnum;
    public ushort e_shstrndx;
}
