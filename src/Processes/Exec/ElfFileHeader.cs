using System;
using System.Runtime.InteropServices;
using Cashew.Abi;

namespace Cashew.Processes;

/// <summary>The head of an ELF file, as far as running it needs.</summary>
/// <remarks>
/// Class, byte order and versions are not looked at: Linux runs files that have them wrong, and hand-made
/// tiny programs keep code in those bytes.
/// </remarks>
/// <source>elf(5); the System V gABI, chapter 4.</source>
public readonly struct ElfFileHeader
{
    public const int SizeBytes = 64;

    /// <summary>More program headers than fit here are refused.</summary>
    /// <source>Linux refuses a table of more than 64 KiB with ENOEXEC.</source>
    public const int MaxTableBytes = 65536;

    public const int TableEntryBytes = 56;

    private const uint Magic = 0x464C457F;

    private ElfFileHeader(in Abi.ElfHeader header)
    {
        Type = (ElfType)header.e_type;
        Entry = header.e_entry;
        TableOffset = header.e_phoff;
        TableCount = header.e_phnum;
    }

    public ElfType Type { get; }

    public ulong Entry { get; }

    /// <summary>Where the program headers begin in the file.</summary>
    public ulong TableOffset { get; }

    public int TableCount { get; }

    public int TableBytes => TableCount * TableEntryBytes;

    public static bool IsElf(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= SizeBytes && MemoryMarshal.Read<uint>(bytes) == Magic;

    /// <errors>ENOEXEC: not a program of this machine.</errors>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out ElfFileHeader header, out Errno error)
    {
        header = default;
        error = Errno.ENOEXEC;
        if (!IsElf(bytes)) return false;

        Abi.ElfHeader raw = MemoryMarshal.Read<Abi.ElfHeader>(bytes);
        if (raw.e_machine != Elf.EM_X86_64 || raw.e_phentsize != TableEntryBytes) return false;

        header = new ElfFileHeader(raw);
        if (header.Type is not (ElfType.Executable or ElfType.Shared)) return false;
        if (header.TableCount < 1 || header.TableBytes > MaxTableBytes) return false;
        if (header.TableOffset > long.MaxValue - MaxTableBytes) return false;

        error = Errno.None;
        return true;
    }
}
