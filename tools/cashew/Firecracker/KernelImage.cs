namespace Cashew.Tool.Firecracker;

using System;
using System.Buffers.Binary;
using System.IO;
using Cashew.Tool.Support;

/// <summary>Where Firecracker enters an ELF kernel, after the checks that its loader makes.</summary>
/// <source>rust-vmm/linux-loader 0.14; System V ABI, chapters 4 and 5; Xen's public/elfnote.h.</source>
internal sealed class KernelImage
{
    private const int ProgramHeaderBytes = 56;
    private const ulong LowestEntry = 0x10_0000;
    private const uint NoteSegment = 4;

    private KernelImage(ulong pvhEntry, ulong linuxEntry)
    {
        PvhEntry = pvhEntry;
        LinuxEntry = linuxEntry;
    }

    internal ulong PvhEntry { get; }

    internal ulong LinuxEntry { get; }

    internal ulong EntryOf(BootProtocol protocol) =>
        protocol == BootProtocol.Pvh ? PvhEntry : LinuxEntry;

    /// <summary>Fails for an image that Firecracker would not boot by both protocols.</summary>
    internal static KernelImage Read(string path) => Parse(File.ReadAllBytes(path));

    internal static KernelImage Parse(ReadOnlySpan<byte> file)
    {
        const int HeaderBytes = 64;
        if (file.Length < HeaderBytes || !file.StartsWith("\u007fELF\u0002\u0001"u8))
            throw new Failure("Firecracker wants a 64-bit little-endian ELF file");
        ulong entry = BinaryPrimitives.ReadUInt64LittleEndian(file[24..]);
        ulong table = BinaryPrimitives.ReadUInt64LittleEndian(file[32..]);
        int entryBytes = BinaryPrimitives.ReadUInt16LittleEndian(file[54..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(file[56..]);
        if (entryBytes != ProgramHeaderBytes || table < HeaderBytes)
            throw new Failure("Firecracker refuses the program headers");
        if (entry < LowestEntry)
            throw new Failure($"Firecracker refuses an entry below 1 MiB: 0x{entry:x}");

        ulong? pvhEntry = null;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> header = file.Slice((int)table + (i * ProgramHeaderBytes), ProgramHeaderBytes);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != NoteSegment)
                continue;
            if (pvhEntry != null)
                throw new Failure("of several PT_NOTE segments Firecracker reads the last, QEMU the first");
            pvhEntry = ReadNote(file, header);
        }

        return new KernelImage(pvhEntry ?? throw new Failure("the kernel has no PVH note"), entry);
    }

    private static uint ReadNote(ReadOnlySpan<byte> file, ReadOnlySpan<byte> header)
    {
        const ulong Alignment = 4; // QEMU finds no other
        ReadOnlySpan<byte> expected = "\u0004\0\0\0\u0004\0\0\0\u0012\0\0\0Xen\0"u8; // lengths, type, name
        int offset = (int)BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(header[32..]);
        ReadOnlySpan<byte> note = file.Slice(offset, length);
        if (BinaryPrimitives.ReadUInt64LittleEndian(header[48..]) != Alignment
            || note.Length != expected.Length + sizeof(uint) || !note.StartsWith(expected))
        {
            throw new Failure("the kernel's PT_NOTE is not the PVH note alone");
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(note[expected.Length..]);
    }
}
