using System.Runtime.InteropServices;

namespace Cashew.Abi;

/// <summary>A segment of an ELF file.</summary>
/// <source>elf(5)</source>
[StructLayout(LayoutKind.Sequential)]
public struct ElfProgramHeader
{
    public uint p_type;
    public uint p_flags;
    public ulong p_offset;
    public ulong p_vaddr;
    public ulong p_paddr;
    public ulong p_filesz;
    public ulong p_memsz;
    public ulong p_align;
}
