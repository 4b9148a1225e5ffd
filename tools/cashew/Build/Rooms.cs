namespace Cashew.Tool.Build;

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Cashew.Tool.Support;

/// <summary>Compiles the rooms of the kernel, one C# project each, to IL.</summary>
internal sealed class Rooms
{
    private readonly Toolbox _tools;
    private readonly BuildKind _kind;

    internal Rooms(Toolbox tools, BuildKind kind)
    {
        _tools = tools;
        _kind = kind;
    }

    /// <summary>The paths of all the rooms' assemblies, the kernel's own first.</summary>
    internal IReadOnlyList<string> Compile()
    {
        Repository repository = _tools.Repository;
        string project = repository.PathOf("src", "Kernel", "Kernel.csproj");
        string output = repository.ArtifactOf("bin", "Kernel", _kind.ToString().ToLowerInvariant());
        _tools.Reporter.Step("compile C#", () => DotnetBuild.Run(repository, project, _kind.ToString()));

        // Only assemblies that stand for a room of today: an old one may still lie in the output folder.
        List<string> rooms = Directory.EnumerateFiles(output, "*.dll")
            .Where(dll => Directory.Exists(repository.PathOf("src", Path.GetFileNameWithoutExtension(dll))))
            .Order(StringComparer.Ordinal).ToList();
        string kernel = Path.Combine(output, "Kernel.dll");
        if (!rooms.Remove(kernel))
            throw new Failure($"the build left no {repository.Display(kernel)}");
        return [kernel, .. rooms];
    }
}
