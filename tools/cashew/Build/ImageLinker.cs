namespace Cashew.Tool.Build;

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Cashew.Tool.Build.Elf;
using Cashew.Tool.Build.Symbols;
using Cashew.Tool.Support;

/// <summary>
/// Links the image twice: what addresses the functions have is known after the first time, and the table of
/// their names goes into the second. It lies behind everything else, so that nothing moves for it.
/// </summary>
internal sealed class ImageLinker
{
    private const string SymbolSection = ".cashew.symbols";

    private static readonly string[] s_roots = ["/cashew/", "/_/"];

    private readonly Toolbox _tools;
    private readonly string _work;
    private readonly SymbolNames _names;

    internal ImageLinker(Toolbox tools, string work, SymbolNames names)
    {
        _tools = tools;
        _work = work;
        _names = names;
    }

    internal void Link(IReadOnlyList<string> objects, string image)
    {
        string withoutSymbols = Path.Combine(_work, "without-symbols.elf");
        _tools.Reporter.Step("link", () => LinkOnce(objects, withoutSymbols));
        _tools.Reporter.Step("add symbols", () =>
        {
            ElfFile first = new(withoutSymbols);
            string table = AssembleTable(SymbolBlob.Build(Functions(first), Lines(first)));
            string linked = Path.Combine(_work, "with-symbols.elf");
            LinkOnce([.. objects, table], linked);
            CheckNothingMoved(first, new ElfFile(linked));
            File.Move(linked, image, overwrite: true);
        });
    }

    private void LinkOnce(IEnumerable<string> objects, string output) => External.RunChecked(
        "ld.lld",
        [
            "--no-relax", "--build-id=none", "-z", "max-page-size=4096", "-T", "src/Machine/Boot/kernel.ld",
            .. objects.Select(_tools.Repository.Display), "-o", output,
        ],
        _tools.Repository.Root);

    private string AssembleTable(byte[] table)
    {
        string content = Path.Combine(_work, "symbols.bin");
        string source = Path.Combine(_work, "symbols.S");
        string output = Path.Combine(_work, "symbols.o");
        File.WriteAllBytes(content, table);
        File.WriteAllText(source, $"""
            .section {SymbolSection}, "a", @progbits
            .balign 8
            .incbin "{_tools.Repository.Display(content)}"
            .section .note.GNU-stack, "", @progbits

            """);
        External.RunChecked(
            "gcc", ["-c", _tools.Repository.Display(source), "-o", output], _tools.Repository.Root);
        return output;
    }

    private List<(ulong Address, string Name)> Functions(ElfFile image) => image.Symbols
        .Where(symbol => symbol.Section is { IsCode: true } && symbol.Value >= SymbolBlob.KernelBase
            && symbol.Name.Length > 0
            && symbol.Kind is ElfSymbolKind.Function or ElfSymbolKind.Untyped)
        .GroupBy(symbol => symbol.Value)
        // Of several names the one from C# is the best, then a function's; assembly labels are untyped.
        .Select(group => (group.Key, Best: group
            .OrderByDescending(symbol => _names.TryRead(symbol.Name, out _))
            .ThenByDescending(symbol => symbol.Kind)
            .ThenBy(symbol => symbol.Name, StringComparer.Ordinal)
            .First()))
        .OrderBy(function => function.Key)
        .Select(function => (function.Key, _names.Readable(function.Best.Name)))
        .ToList();

    private static List<LineRow> Lines(ElfFile image) => LineTable.Read(image)
        .Where(row => row.Address >= SymbolBlob.KernelBase)
        .Select(row => row with { File = SourcePath(row.File) })
        .ToList();

    /// <summary>
    /// Relative to the root of the repository, which compilers call /cashew, and the C# compiler /_ where it
    /// finds version control.
    /// </summary>
    private static string SourcePath(string file) => s_roots
        .Where(root => file.StartsWith(root, StringComparison.Ordinal))
        .Select(root => file[root.Length..])
        .FirstOrDefault(file);

    private static void CheckNothingMoved(ElfFile first, ElfFile second)
    {
        ulong end = second.Find(SymbolSection)?.Address
            ?? throw new Failure($"the linker script has no place for {SymbolSection}");
        string[] before = Placed(first, end);
        string[] after = Placed(second, end);
        if (before.SequenceEqual(after))
            return;
        string moved = string.Join('\n', before.Except(after).Concat(after.Except(before)).Take(10));
        throw new Failure($"adding {SymbolSection} moved symbols: kernel.ld must place it last", moved);
    }

    private static string[] Placed(ElfFile image, ulong end) => image.Symbols
        .Where(symbol => symbol.Value < end && symbol.Kind != ElfSymbolKind.File)
        .Select(symbol => $"{symbol.Value:x16} {symbol.Name}")
        .Order(StringComparer.Ordinal).ToArray();
}
