namespace Cashew.Tool.Build.Symbols;

/// <summary>
/// From this address on the code comes from that line; line 0 says that it comes from none.
/// </summary>
internal readonly record struct LineRow(ulong Address, string File, int Line);
