namespace Cashew.Tool.Build;

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Cashew.Tool.Build.Elf;
using Cashew.Tool.Support;
using Iced.Intel;

/// <summary>
/// Entry code saves only the vector registers that compiled C# uses. This check disassembles the compiler's
/// output and fails when it uses one that is not in <c>src/Machine/Boot/xmm.txt</c>, the list of those that
/// are saved. Without that file it only reports.
/// </summary>
internal static class XmmCheck
{
    private const int ExamplesShown = 5;

    /// <param name="managedObject">The compiler's output.</param>
    /// <param name="report">Gets all uses, for people.</param>
    /// <param name="list">The registers that are saved, one a line; # begins a comment.</param>
    internal static void Run(string managedObject, string report, string list)
    {
        SortedDictionary<int, SortedSet<string>> used = FindUses(new ElfFile(managedObject));
        File.WriteAllLines(report, used.Select(use => $"xmm{use.Key}: {string.Join(' ', use.Value)}"));
        if (!File.Exists(list))
            return;

        HashSet<int> saved = File.ReadLines(list).Select(line => line.Split('#')[0].Trim())
            .Where(line => line.Length > 0).Select(ParseRegister).ToHashSet();
        string[] unsaved = used.Where(use => !saved.Contains(use.Key))
            .Select(use => $"xmm{use.Key}: {string.Join(' ', use.Value.Take(ExamplesShown))}").ToArray();
        if (unsaved.Length > 0)
        {
            throw new Failure(
                $"C# uses vector registers that the entry code does not save ({Path.GetFileName(list)})",
                string.Join('\n', unsaved));
        }
    }

    private static int ParseRegister(string name) =>
        name.StartsWith("xmm", StringComparison.Ordinal) && int.TryParse(name.AsSpan(3), out int number)
            ? number
            : throw new Failure($"xmm.txt: not a vector register: {name}");

    /// <summary>For each vector register, the functions that use it.</summary>
    private static SortedDictionary<int, SortedSet<string>> FindUses(ElfFile file)
    {
        SortedDictionary<int, SortedSet<string>> used = [];
        foreach (ElfSection section in file.Sections.Where(section => section.IsCode))
        {
            (ulong Start, string Name)[] functions = file.Symbols
                .Where(symbol => symbol.Section == section && symbol.Kind == ElfSymbolKind.Function)
                .Select(symbol => (symbol.Value, symbol.Name)).OrderBy(symbol => symbol.Value).ToArray();
            foreach ((ulong address, int register) in FindUses(section))
            {
                int at = Array.FindLastIndex(functions, function => function.Start <= address);
                if (!used.TryGetValue(register, out SortedSet<string>? users))
                    used.Add(register, users = new SortedSet<string>(StringComparer.Ordinal));
                users.Add(at >= 0 ? functions[at].Name : section.Name);
            }
        }

        return used;
    }

    private static IEnumerable<(ulong Address, int Register)> FindUses(ElfSection section)
    {
        Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(section.Content.ToArray()));
        InstructionInfoFactory factory = new();
        ulong end = (ulong)section.Content.Length;
        while (decoder.IP < end)
        {
            decoder.Decode(out Instruction instruction);
            foreach (UsedRegister use in factory.GetInfo(instruction).GetUsedRegisters())
            {
                if (use.Register.IsVectorRegister())
                    yield return (instruction.IP, use.Register.GetFullRegister() - Register.ZMM0);
            }
        }
    }
}
