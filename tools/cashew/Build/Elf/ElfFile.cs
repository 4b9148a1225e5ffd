namespace Cashew.Tool.Build.Elf;

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Cashew.Tool.Support;

/// <summary>Reads the sections and symbols of a 64-bit little-endian ELF file.</summary>
/// <source>System V ABI, chapter 4; its x86-64 supplement.</source>
internal sealed class ElfFile
{
    private const int SectionHeaderBytes = 64;
    private const int SymbolBytes = 24;
    private const uint TypeSymbolTable = 2;
    private const uint TypeNoBits = 8;
    private const ulong FlagExecutable = 4;

    private readonly byte[] _file;
    private readonly List<RawSection> _raw = [];

    internal ElfFile(string path)
    {
        _file = File.ReadAllBytes(path);
        if (!_file.AsSpan().StartsWith("\u007fELF\u0002\u0001"u8))
            throw new Failure($"{path} is not a 64-bit little-endian ELF file");

        ReadSectionHeaders();
        Sections = _raw.Select(raw => new ElfSection(
            raw.Name, (raw.Flags & FlagExecutable) != 0, raw.Address, Content(raw))).ToList();
        Symbols = ReadSymbols();
    }

    internal IReadOnlyList<ElfSection> Sections { get; }

    internal IReadOnlyList<ElfSymbol> Symbols { get; }

    internal ElfSection? Find(string section) =>
        Sections.FirstOrDefault(candidate => candidate.Name == section);

    private void ReadSectionHeaders()
    {
        ReadOnlySpan<byte> file = _file;
        int table = (int)BinaryPrimitives.ReadUInt64LittleEndian(file[40..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(file[60..]);
        int namesIndex = BinaryPrimitives.ReadUInt16LittleEndian(file[62..]);
        if (count == 0 && table != 0)
        {
            // More sections than 16 bits count: the first header holds the numbers.
            count = (int)BinaryPrimitives.ReadUInt64LittleEndian(file[(table + 32)..]);
        }

        if (namesIndex == 0xFFFF)
            namesIndex = (int)BinaryPrimitives.ReadUInt32LittleEndian(file[(table + 40)..]);

        for (int i = 0; i < count; i++)
            _raw.Add(RawSection.Read(file.Slice(table + (i * SectionHeaderBytes), SectionHeaderBytes)));
        if (count == 0)
            return;
        ReadOnlyMemory<byte> names = Content(_raw[namesIndex]);
        for (int i = 0; i < count; i++)
            _raw[i] = _raw[i] with { Name = StringAt(names, _raw[i].NameOffset) };
    }

    private List<ElfSymbol> ReadSymbols()
    {
        List<ElfSymbol> symbols = [];
        foreach (RawSection table in _raw.Where(raw => raw.Type == TypeSymbolTable))
        {
            ReadOnlyMemory<byte> names = Content(_raw[(int)table.Link]);
            ReadOnlySpan<byte> entries = Content(table).Span;
            for (int at = SymbolBytes; at + SymbolBytes <= entries.Length; at += SymbolBytes)
            {
                ReadOnlySpan<byte> entry = entries.Slice(at, SymbolBytes);
                int section = BinaryPrimitives.ReadUInt16LittleEndian(entry[6..]);
                symbols.Add(new ElfSymbol(
                    StringAt(names, BinaryPrimitives.ReadUInt32LittleEndian(entry)),
                    BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]),
                    (ElfSymbolKind)(entry[4] & 15),
                    section > 0 && section < Sections.Count ? Sections[section] : null));
            }
        }

        return symbols;
    }

    private ReadOnlyMemory<byte> Content(RawSection raw) =>
        raw.Type == TypeNoBits ? default : _file.AsMemory((int)raw.Offset, (int)raw.LengthBytes);

    private static string StringAt(ReadOnlyMemory<byte> table, uint offset)
    {
        ReadOnlySpan<byte> start = table.Span[(int)offset..];
        return Encoding.UTF8.GetString(start[..start.IndexOf((byte)0)]);
    }

    private readonly record struct RawSection(
        string Name,
        uint NameOffset,
        uint Type,
        ulong Flags,
        ulong Address,
        ulong Offset,
        ulong LengthBytes,
        uint Link)
    {
        internal static RawSection Read(ReadOnlySpan<byte> header) => new(
            "",
            BinaryPrimitives.ReadUInt32LittleEndian(header),
            BinaryPrimitives.ReadUInt32LittleEndian(header[4..]),
            BinaryPrimitives.ReadUInt64LittleEndian(header[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(header[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(header[24..]),
            BinaryPrimitives.ReadUInt64LittleEndian(header[32..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[40..]));
    }
}
