namespace Cashew.Tool.Testing;

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Cashew.Tool.Support;

/// <summary>A script of tests/Programs: its first line says which packages it needs.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Packages">Their names.</param>
internal sealed record ProgramScript(string Path, IReadOnlyList<string> Packages)
{
    private const string Header = "# packages:";

    internal string Name => $"programs.{System.IO.Path.GetFileNameWithoutExtension(Path)}";

    /// <summary>What it prints on Linux.</summary>
    internal string ExpectedPath => System.IO.Path.ChangeExtension(Path, ".out");

    internal static ProgramScript Read(string path)
    {
        string first = File.ReadLines(path).FirstOrDefault() ?? "";
        if (!first.StartsWith(Header, StringComparison.Ordinal))
            throw new Failure($"{path}: the first line has to be: {Header} bash, coreutils");
        return new ProgramScript(path, PackageNames.Split([first[Header.Length..]]));
    }
}
