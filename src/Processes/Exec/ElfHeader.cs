using System;
using System.Buffers.Binary;
using Cashew.Abi;

namespace Cashew.Processes;

/// <summary>The head of an ELF file, as far as running it needs.</summary>
/// <remarks>
/// Class, byte order and versions are not looked at: Linux runs files that have them wrong, and hand-made tiny
/// programs keep code in those bytes.
/// </remarks>
/// <source>elf(5); the System V gABI, chapter 4.</source>
public readonly struct ElfHeader
{
    public const int SizeBytes = 64;

    /// <summary>More program headers than fit here are refused.</summary>
    /// <source>Linux refuses a table of more than 64 KiB with ENOEXEC.</source>
    public const int MaxTableBytes = 65536;

    private const uint Magic = 0x464C457F;

    private ElfHeader(ReadOnlySpan<byte> bytes)
    {
        Type = (ElfType)BinaryPrimitives.ReadUInt16LittleEndian(bytes[16..]);
        Entry = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
        TableOffset = BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]);
        TableCount = BinaryPrimitives.ReadUInt16LittleEndian(bytes[56..]);
    }

    public ElfType Type { get; }

    public ulong Entry { get; }

    /// <summary>Where the program headers begin in the file.</summary>
    public ulong TableOffset { get; }

    public int TableCount { get; }

    public int TableBytes => TableCount * ElfProgramHeader.SizeBytes;

    public static bool IsElf(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= SizeBytes && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Magic;

    /// <errors>ENOEXEC: not a program of this machine.</errors>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out ElfHeader header, out Errno error)
    {
        header = default;
        error = Errno.ENOEXEC;
        if (!IsElf(bytes)) return false;

        const ushort MachineX64 = 62;
        if (BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]) != MachineX64) return false;
        if (BinaryPrimitives.ReadUInt16LittleEndian(bytes[54..]) != ElfProgramHeader.SizeBytes) return false;

        header = new ElfHeader(bytes);
        if (header.Type is not (ElfType.Executable or ElfType.Shared)) return false;
        if (header.TableCount < 1 || header.TableBytes > MaxTableBytes) return false;
        if (header.TableOffset > long.MaxValue - MaxTableBytes) return false;

        error = Errno.None;
        return true;
    }
}
