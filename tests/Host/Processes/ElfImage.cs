using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Cashew.Abi;

namespace Cashew.Host.Processes;

/// <summary>A program file in the making. As it is, it can be run; tests spoil what they want to see
/// refused.</summary>
internal sealed class ElfImage
{
    internal const int HeaderBytes = 64;
    internal const int EntryBytes = 56;
    internal const ulong CodeAddress = 0x40_0000;
    internal const ulong DataAddress = 0x60_1F00;
    internal const ulong DataFileBytes = 0x80;
    internal const ulong DataMemoryBytes = 0x2200;

    private const int FileBytes = 0x2000;
    private const int InterpreterOffset = 0x800;
    private const uint Magic = 0x464C_457F;

    internal ElfHeader Header = new()
    {
        e_type = (ushort)Elf.ET_EXEC,
        e_machine = (ushort)Elf.EM_X86_64,
        e_version = 1,
        e_entry = CodeAddress + 0x100,
        e_phoff = HeaderBytes,
        e_ehsize = HeaderBytes,
        e_phentsize = EntryBytes,
    };

    internal List<ElfProgramHeader> Table { get; } =
    [
        new()
        {
            p_type = Elf.PT_LOAD,
            p_flags = Elf.PF_R | Elf.PF_X,
            p_vaddr = CodeAddress,
            p_filesz = 0x1000,
            p_memsz = 0x1000,
            p_align = 0x1000,
        },
        new()
        {
            p_type = Elf.PT_LOAD,
            p_flags = Elf.PF_R | Elf.PF_W,
            p_offset = 0x1F00,
            p_vaddr = DataAddress,
            p_filesz = DataFileBytes,
            p_memsz = DataMemoryBytes,
            p_align = 0x1000,
        },
    ];

    internal string? Interpreter { get; private set; }

    internal ref ElfProgramHeader this[int index] => ref CollectionsMarshal.AsSpan(Table)[index];

    /// <summary>The same as a position-independent program, from address 0 on.</summary>
    internal static ElfImage Relocatable()
    {
        ElfImage image = new();
        image.Header.e_type = (ushort)Elf.ET_DYN;
        image.Header.e_entry -= CodeAddress;
        for (int i = 0; i < image.Table.Count; i++) image[i].p_vaddr -= CodeAddress;
        return image;
    }

    internal ElfImage WithInterpreter(string path)
    {
        Interpreter = path;
        Table.Add(new ElfProgramHeader
        {
            p_type = Elf.PT_INTERP,
            p_flags = Elf.PF_R,
            p_offset = InterpreterOffset,
            p_filesz = (ulong)path.Length + 1,
            p_memsz = (ulong)path.Length + 1,
        });
        return this;
    }

    /// <summary>The file: every byte that is nothing else tells its own offset.</summary>
    internal byte[] ToBytes()
    {
        byte[] bytes = new byte[FileBytes];
        for (int i = 0; i < bytes.Length; i++) bytes[i] = ContentsAt(i);
        ElfHeader header = Header;
        if (header.e_phnum == 0) header.e_phnum = (ushort)Table.Count;
        MemoryMarshal.Write(bytes, header);
        MemoryMarshal.Write(bytes, Magic);
        for (int i = 0; i < Table.Count; i++) MemoryMarshal.Write(bytes.AsSpan(HeaderBytes + i * EntryBytes), Table[i]);
        if (Interpreter is not null) Encoding.ASCII.GetBytes(Interpreter + "\0").CopyTo(bytes, InterpreterOffset);
        return bytes;
    }

    internal static byte ContentsAt(int offset) => (byte)(offset * 7 + (offset >> 8) + 1);
}
