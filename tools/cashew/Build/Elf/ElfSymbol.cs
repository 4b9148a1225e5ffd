namespace Cashew.Tool.Build.Elf;

/// <summary>
/// A named address: in a linked image an absolute one, in an object relative to its section.
/// </summary>
internal sealed record ElfSymbol(string Name, ulong Value, ElfSymbolKind Kind, ElfSection? Section);
