namespace Cashew.Tool.Build.Symbols;

using System;
using System.Collections.Generic;
using Cashew.Tool.Build.Elf;
using Cashew.Tool.Support;

/// <summary>The header of one line-number program: how to decode it, and the files that it names.</summary>
/// <source>DWARF 4, 6.2.4; DWARF 5, 6.2.4.</source>
internal sealed class LineTableHeader
{
    private const int ContentPath = 1;
    private const int ContentDirectory = 2;

    private readonly List<string> _directories = [];
    private readonly List<(string Name, int Directory)> _files = [];
    private readonly ElfFile _image;

    private LineTableHeader(ElfFile image) => _image = image;

    internal int Version { get; private set; }

    internal int EndOfUnit { get; private set; }

    internal int MinimumInstructionBytes { get; private set; }

    internal int LineBase { get; private set; }

    internal int LineRange { get; private set; }

    internal int OpcodeBase { get; private set; }

    /// <summary>How many operands each standard opcode has, so that unknown ones can be skipped.</summary>
    internal byte[] OperandCounts { get; private set; } = [];

    /// <summary>Reads the header and leaves the reader at the first opcode.</summary>
    internal static LineTableHeader Read(DwarfReader reader, ElfFile image)
    {
        LineTableHeader header = new(image);
        int length = reader.UnitLength();
        header.EndOfUnit = reader.Position + length;
        header.Version = reader.U16();
        if (header.Version is < 2 or > 5)
            throw new Failure($"line tables of DWARF {header.Version} are not understood");
        if (header.Version >= 5)
            reader.Skip(2); // Sizes of an address and of a segment selector: known for x86-64.

        int headerLength = checked((int)reader.Offset());
        int program = reader.Position + headerLength;
        header.MinimumInstructionBytes = reader.U8();
        if (header.Version >= 4)
            reader.Skip(1); // Operations per instruction: one, but for VLIW machines.
        reader.Skip(1); // Whether rows are statements by default: all rows are taken.
        header.LineBase = reader.S8();
        header.LineRange = reader.U8();
        header.OpcodeBase = reader.U8();
        header.OperandCounts = new byte[Math.Max(0, header.OpcodeBase - 1)];
        for (int i = 0; i < header.OperandCounts.Length; i++)
            header.OperandCounts[i] = reader.U8();

        if (header.Version >= 5)
            header.ReadTables(reader);
        else
            header.ReadOldTables(reader);
        reader.Position = program;
        return header;
    }

    /// <summary>A file by the number that the program uses for it.</summary>
    internal string FileName(int number)
    {
        // Numbers began with 1 before DWARF 5.
        int index = Version >= 5 ? number : number - 1;
        if (index < 0 || index >= _files.Count)
            return "?";
        (string name, int directory) = _files[index];
        string folder = directory < _directories.Count ? _directories[directory] : "";
        return name.StartsWith('/') || folder.Length == 0 ? name : $"{folder}/{name}";
    }

    /// <summary>For DW_LNE_define_file.</summary>
    internal void AddFile(string name, int directory) => _files.Add((name, directory));

    private void ReadOldTables(DwarfReader reader)
    {
        _directories.Add(""); // Number 0 is the folder of the compilation, which only .debug_info knows.
        while (reader.Text() is { Length: > 0 } directory)
            _directories.Add(directory);
        while (reader.Text() is { Length: > 0 } name)
        {
            _files.Add((name, (int)reader.Uleb()));
            _ = reader.Uleb(); // Time of last modification: nothing to us.
            _ = reader.Uleb(); // Length: likewise.
        }
    }

    private void ReadTables(DwarfReader reader)
    {
        foreach ((string name, _) in ReadEntries(reader))
            _directories.Add(name);
        _files.AddRange(ReadEntries(reader));
    }

    private List<(string Name, int Directory)> ReadEntries(DwarfReader reader)
    {
        (int Content, int Form)[] format = new (int, int)[reader.U8()];
        for (int i = 0; i < format.Length; i++)
            format[i] = ((int)reader.Uleb(), (int)reader.Uleb());

        List<(string, int)> entries = [];
        int count = (int)reader.Uleb();
        for (int i = 0; i < count; i++)
        {
            string name = "";
            int directory = 0;
            foreach ((int content, int form) in format)
            {
                (string text, ulong number) = ReadForm(reader, form);
                if (content == ContentPath)
                    name = text;
                else if (content == ContentDirectory)
                    directory = (int)number;
            }

            entries.Add((name, directory));
        }

        return entries;
    }

    /// <source>DWARF 5, 7.5.6, table 7.6: the forms that 6.2.4.1 allows here.</source>
    private (string Text, ulong Number) ReadForm(DwarfReader reader, int form)
    {
        switch (form)
        {
            case 0x08: return (reader.Text(), 0);
            case 0x1F: return (TextIn(".debug_line_str", reader.Offset()), 0);
            case 0x0E: return (TextIn(".debug_str", reader.Offset()), 0);
            case 0x0B: return ("", reader.U8());
            case 0x05: return ("", reader.U16());
            case 0x06: return ("", reader.U32());
            case 0x07: return ("", reader.U64());
            case 0x0F: return ("", reader.Uleb());
            case 0x1E:
                reader.Skip(16);
                return ("", 0);
            case 0x09:
                reader.Skip((int)reader.Uleb());
                return ("", 0);
            default:
                throw new Failure($"a line table uses the unknown form 0x{form:x}");
        }
    }

    private string TextIn(string section, ulong offset)
    {
        ElfSection strings = _image.Find(section)
            ?? throw new Failure($"the debug information lacks {section}");
        return new DwarfReader(strings.Content) { Position = checked((int)offset) }.Text();
    }
}
