namespace Cashew.Tool.Build.Symbols;

using System;
using System.Collections.Generic;
using System.Linq;
using Cashew.Tool.Build.Elf;

/// <summary>Decodes <c>.debug_line</c>: which source line each address of the image comes from.</summary>
/// <source>DWARF 5, 6.2.5; versions 2 to 4 differ in the header only.</source>
internal sealed class LineTable
{
    // Compilers use lines beyond any file's for code that has none ("hidden", 0xFEEFEE in .NET).
    private const int LastLine = ushort.MaxValue;

    private readonly List<LineRow> _rows = [];
    private LineTableHeader _header;
    private ulong _address;
    private int _file;
    private int _line;

    private LineTable(LineTableHeader header) => _header = header;

    /// <summary>All rows by address, the last one where several have the same.</summary>
    internal static List<LineRow> Read(ElfFile image)
    {
        List<LineRow> rows = [];
        if (image.Find(".debug_line") is not ElfSection section)
            return rows;
        DwarfReader reader = new(section.Content);
        while (!reader.IsAtEnd)
        {
            LineTable unit = new(LineTableHeader.Read(reader, image));
            unit.Execute(reader);
            rows.AddRange(unit._rows);
            reader.Position = unit._header.EndOfUnit;
        }

        return Tidy(rows);
    }

    /// <summary>
    /// Sorts; of equal addresses keeps one; drops rows that say what the row before them says.
    /// </summary>
    private static List<LineRow> Tidy(List<LineRow> rows)
    {
        List<LineRow> tidy = [];
        // Stable. An end of a sequence has line 0 and must lose against the sequence that begins there.
        foreach (LineRow row in rows.OrderBy(row => row.Address).ThenBy(row => row.Line != 0))
        {
            if (tidy.Count > 0 && tidy[^1].Address == row.Address)
                tidy.RemoveAt(tidy.Count - 1);
            bool says = tidy.Count == 0 || tidy[^1].Line != row.Line || tidy[^1].File != row.File;
            if (says)
                tidy.Add(row);
        }

        return tidy;
    }

    private void Execute(DwarfReader reader)
    {
        Reset();
        while (reader.Position < _header.EndOfUnit)
        {
            int opcode = reader.U8();
            if (opcode >= _header.OpcodeBase)
                Special(opcode);
            else if (opcode == 0)
                Extended(reader);
            else
                Standard(reader, opcode);
        }
    }

    private void Special(int opcode)
    {
        int adjusted = opcode - _header.OpcodeBase;
        Advance(adjusted / _header.LineRange);
        _line += _header.LineBase + (adjusted % _header.LineRange);
        AddRow();
    }

    private void Standard(DwarfReader reader, int opcode)
    {
        switch (opcode)
        {
            case 1: // copy
                AddRow();
                break;
            case 2: // advance_pc
                Advance((long)reader.Uleb());
                break;
            case 3: // advance_line
                _line += (int)reader.Sleb();
                break;
            case 4: // set_file
                _file = (int)reader.Uleb();
                break;
            case 8: // const_add_pc
                Advance((255 - _header.OpcodeBase) / _header.LineRange);
                break;
            case 9: // fixed_advance_pc
                _address += reader.U16();
                break;
            default: // Columns, statement marks and the like.
                for (int i = 0; i < _header.OperandCounts[opcode - 1]; i++)
                    _ = reader.Uleb();
                break;
        }
    }

    private void Extended(DwarfReader reader)
    {
        int length = (int)reader.Uleb();
        int end = reader.Position + length;
        switch (reader.U8())
        {
            case 1: // end_sequence
                _rows.Add(new LineRow(_address, "", 0));
                Reset();
                break;
            case 2: // set_address
                _address = reader.U64();
                break;
            case 3: // define_file
                _header.AddFile(reader.Text(), (int)reader.Uleb());
                break;
        }

        reader.Position = end;
    }

    private void Reset()
    {
        _address = 0;
        _file = 1;
        _line = 1;
    }

    private void Advance(long operations) =>
        _address += (ulong)(operations * _header.MinimumInstructionBytes);

    private void AddRow()
    {
        if (_line is > 0 and <= LastLine)
            _rows.Add(new LineRow(_address, _header.FileName(_file), _line));
    }
}
