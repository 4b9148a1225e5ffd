namespace Cashew.Tool.Build.Symbols;

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Cashew.Tool.Support;

/// <summary>
/// The table that the kernel's own fault reports read: function names and source lines by address. All
/// numbers are little endian; addresses are offsets from <see cref="KernelBase"/>.
/// <code>
/// u32 magic "CSYM", u32 version, u32 functionCount, u32 lineCount, u32 fileCount, u32 stringsOffset
/// functions: { u32 start, u32 nameOffset }[], by start
/// lines:     { u32 start, u16 file, u16 line }[], by start; line 0: no source
/// files:     u32 nameOffset[]
/// strings:   UTF-8, each ended by a NUL; name offsets count from stringsOffset
/// </code>
/// </summary>
internal static class SymbolBlob
{
    internal const ulong KernelBase = 0xFFFFFFFF80000000;

    private const uint Magic = 0x4D595343; // "CSYM"
    private const uint Version = 1;
    private const int HeaderBytes = 24;
    private const int FunctionBytes = 8;
    private const int LineBytes = 8;
    private const int FileBytes = 4;

    internal static byte[] Build(
        IReadOnlyList<(ulong Address, string Name)> functions, IReadOnlyList<LineRow> lines)
    {
        StringTable strings = new();
        string[] files = lines.Select(row => row.File).Distinct().Order(StringComparer.Ordinal).ToArray();
        if (files.Length > ushort.MaxValue)
            throw new Failure("more source files than the symbol table can number");
        Dictionary<string, int> fileNumbers = files.Index()
            .ToDictionary(file => file.Item, file => file.Index);

        MemoryStream blob = new();
        using BinaryWriter writer = new(blob);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(functions.Count);
        writer.Write(lines.Count);
        writer.Write(files.Length);
        int tablesBytes = (functions.Count * FunctionBytes)
            + (lines.Count * LineBytes)
            + (files.Length * FileBytes);
        writer.Write(HeaderBytes + tablesBytes);
        foreach ((ulong address, string name) in functions)
        {
            writer.Write(Relative(address));
            writer.Write(strings.Add(name));
        }

        foreach (LineRow row in lines)
        {
            writer.Write(Relative(row.Address));
            writer.Write((ushort)fileNumbers[row.File]);
            writer.Write((ushort)row.Line);
        }

        foreach (string file in files)
            writer.Write(strings.Add(file));
        writer.Write(strings.Bytes);
        return blob.ToArray();
    }

    private static uint Relative(ulong address) => checked((uint)(address - KernelBase));

    /// <summary>NUL-terminated strings one after another, each only once.</summary>
    private sealed class StringTable
    {
        private readonly Dictionary<string, int> _offsets = [];
        private readonly MemoryStream _bytes = new();

        internal byte[] Bytes => _bytes.ToArray();

        internal int Add(string text)
        {
            if (_offsets.TryGetValue(text, out int offset))
                return offset;
            offset = (int)_bytes.Length;
            _bytes.Write(Encoding.UTF8.GetBytes(text));
            _bytes.WriteByte(0);
            _offsets.Add(text, offset);
            return offset;
        }
    }
}
