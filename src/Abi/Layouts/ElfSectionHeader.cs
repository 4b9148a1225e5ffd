using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>A section of an ELF file.</summary>
/// <source>elf(5)</source>
[StructLayout(LayoutKind.Sequential)]
public struct ElfSectionHeader
{
    public uint sh_name;
    public uint sh_type;
    public ulong sh_flags;
    public ulong sh_addr;
    public ulong sh_offset;
    public ulong sh_size;
    public uint sh_link;
    public uint sh_info;
    public ulong sh_addralign;
    public ulong sh_entsize;
}
