using System;
using System.Buffers.Binary;

namespace Cashew.Processes;

/// <summary>One entry of an ELF file's program header table.</summary>
/// <source>elf(5), "Program header (Phdr)".</source>
public readonly struct ElfProgramHeader
{
    public const int SizeBytes = 56;

    public const uint TypeLoad = 1;
    public const uint TypeInterpreter = 3;
    public const uint TypeGnuStack = 0x6474E551;

    public const uint FlagExecute = 1;
    public const uint FlagWrite = 2;
    public const uint FlagRead = 4;

    public ElfProgramHeader(ReadOnlySpan<byte> bytes)
    {
        Type = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        Flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        Offset = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        Address = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        FileBytes = BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]);
        MemoryBytes = BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..]);
        Alignment = BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..]);
    }

    public uint Type { get; }

    public uint Flags { get; }

    public ulong Offset { get; }

    public ulong Address { get; }

    public ulong FileBytes { get; }

    public ulong MemoryBytes { get; }

    public ulong Alignment { get; }

    public bool Has(uint flag) => (Flags & flag) != 0;
}
