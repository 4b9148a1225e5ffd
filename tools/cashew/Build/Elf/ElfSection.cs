namespace Cashew.Tool.Build.Elf;

using System;

internal sealed record ElfSection(string Name, bool IsCode, ulong Address, ReadOnlyMemory<byte> Content);
