namespace Cashew.Tool.Tests;

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Cashew.Tool.Build.Elf;
using Cashew.Tool.Build.Symbols;
using Cashew.Tool.Support;
using Xunit;

public sealed class SymbolTests
{
    // One line of code after another, with a gap that is hard to encode, and an end.
    private const string Source = """
        .globl _start
        .type _start, @function
        _start:
            nop
            nop

            .fill 300, 1, 0x90
            ret
        .section .text.second, "ax"
        .globl second
        .type second, @function
        second:
            ret
        """;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Line_tables_of_all_versions_are_decoded(int version)
    {
        Assert.SkipUnless(Packages.IsOnPath("gcc"), "gcc is not installed");
        using ScratchFolder scratch = new();
        ElfFile image = Link(scratch, version);
        ulong start = image.Symbols.Single(symbol => symbol.Name == "_start").Value;
        ulong second = image.Symbols.Single(symbol => symbol.Name == "second").Value;

        List<LineRow> rows = LineTable.Read(image);

        Assert.EndsWith("source.S", rows[0].File);
        Assert.Equal(4, LineAt(rows, start));
        Assert.Equal(5, LineAt(rows, start + 1));
        Assert.Equal(5, LineAt(rows, start + 301)); // .fill makes data, which has no line of its own.
        Assert.Equal(8, LineAt(rows, start + 302));
        Assert.Equal(13, LineAt(rows, second));
        Assert.Equal(0, LineAt(rows, second + 1));
    }

    [Fact]
    public void Functions_are_found_in_the_symbol_table()
    {
        Assert.SkipUnless(Packages.IsOnPath("gcc"), "gcc is not installed");
        using ScratchFolder scratch = new();
        ElfSymbol start = Link(scratch, 5).Symbols.Single(symbol => symbol.Name == "_start");
        Assert.Equal(ElfSymbolKind.Function, start.Kind);
        Assert.True(start.Section!.IsCode);
        Assert.Equal(0x90, start.Section.Content.Span[(int)(start.Value - start.Section.Address)]);
    }

    [Fact]
    public void The_table_in_the_image_is_laid_out_as_documented()
    {
        byte[] blob = SymbolBlob.Build(
            [(SymbolBlob.KernelBase + 0x200000, "First"), (SymbolBlob.KernelBase + 0x200010, "Second")],
            [
                new LineRow(SymbolBlob.KernelBase + 0x200004, "b.cs", 7),
                new LineRow(SymbolBlob.KernelBase + 0x200008, "a.cs", 8),
            ]);

        Assert.Equal("CSYM"u8, blob.AsSpan(0, 4));
        Assert.Equal([1, 2, 2, 2], Numbers(blob, 4, 4));
        int strings = Numbers(blob, 20, 1)[0];
        Assert.Equal(24 + 16 + 16 + 8, strings);
        Assert.Equal([0x200000, 0x200010], (int[])[Numbers(blob, 24, 1)[0], Numbers(blob, 32, 1)[0]]);
        Assert.Equal("Second", TextAt(blob, strings + Numbers(blob, 36, 1)[0]));
        Assert.Equal(0x200004, Numbers(blob, 40, 1)[0]);
        int file = BinaryPrimitives.ReadUInt16LittleEndian(blob.AsSpan(44));
        Assert.Equal(7, BinaryPrimitives.ReadUInt16LittleEndian(blob.AsSpan(46)));
        Assert.Equal("b.cs", TextAt(blob, strings + Numbers(blob, 56 + (4 * file), 1)[0]));
    }

    [Theory]
    [InlineData("cashew_Cashew_Tool_Program__Main", "Cashew.Tool.Program.Main")]
    [InlineData(
        "cashew_Cashew_Tool_Build_Symbols_SymbolNames__Read_0", "Cashew.Tool.Build.Symbols.SymbolNames.Read")]
    [InlineData(
        "cashew_Cashew_Tool_Build_Elf_ElfFile__get_Symbols", "Cashew.Tool.Build.Elf.ElfFile.get_Symbols")]
    [InlineData("cashew_Cashew_Tool_Build_Elf_ElfFile___ctor", "Cashew.Tool.Build.Elf.ElfFile..ctor")]
    [InlineData(
        "cashew_Cashew_Tool_Build_Symbols_SymbolNames_TypeNames__Method",
        "Cashew.Tool.Build.Symbols.SymbolNames.TypeNames.Method")]
    [InlineData(
        "cashew_Cashew_Tool_Build_Elf_ElfFile__Find<cashew_Cashew_Tool_Build_Elf_ElfSymbol__Int32>",
        "Cashew.Tool.Build.Elf.ElfFile.Find<Cashew.Tool.Build.Elf.ElfSymbol, Int32>")]
    [InlineData(
        "__GetGCStaticBase_cashew_Cashew_Tool_Build_Elf_ElfFile",
        "(statics of Cashew.Tool.Build.Elf.ElfFile)")]
    [InlineData("__DelegateCtor_anything__at_all", "(delegate constructor)")]
    [InlineData("RhpNewFast", "RhpNewFast")]
    [InlineData("memcpy", "memcpy")]
    public void Compiler_symbols_become_names(string symbol, string expected) =>
        Assert.Equal(expected, new SymbolNames([typeof(SymbolNames).Assembly.Location]).Readable(symbol));

    private static ElfFile Link(ScratchFolder scratch, int dwarfVersion)
    {
        string source = scratch.PathOf("source.S");
        string image = scratch.PathOf("image");
        File.WriteAllText(source, Source);
        External.RunChecked(
            "gcc", [$"-Wa,-gdwarf-{dwarfVersion}", "-nostdlib", "-static", source, "-o", image]);
        return new ElfFile(image);
    }

    private static int LineAt(List<LineRow> rows, ulong address) =>
        rows.Last(row => row.Address <= address).Line;

    private static int[] Numbers(byte[] blob, int at, int count) => Enumerable.Range(0, count)
        .Select(index => BinaryPrimitives.ReadInt32LittleEndian(blob.AsSpan(at + (4 * index)))).ToArray();

    private static string TextAt(byte[] blob, int at) =>
        Encoding.UTF8.GetString(blob.AsSpan(at, blob.AsSpan(at).IndexOf((byte)0)));
}
