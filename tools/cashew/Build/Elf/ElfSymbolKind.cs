namespace Cashew.Tool.Build.Elf;

/// <summary>The symbol types that matter here.</summary>
/// <source>System V ABI, chapter 4, "Symbol Table".</source>
internal enum ElfSymbolKind
{
    Untyped = 0,
    Data = 1,
    Function = 2,
    Section = 3,
    File = 4,
    ThreadLocal = 6,
}
