namespace Cashew.Tool.Build;

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Cashew.Tool.Support;

/// <summary>ilc, .NET's ahead-of-time compiler: all rooms' IL becomes one ELF object.</summary>
internal sealed class NativeCompiler
{
    private const string PackageName = "runtime.linux-x64.Microsoft.DotNet.ILCompiler";

    private readonly Toolbox _tools;

    internal NativeCompiler(Toolbox tools) => _tools = tools;

    internal string Compile(IReadOnlyList<string> rooms, string output)
    {
        string ilc = FindCompiler();
        List<string> arguments = Arguments(rooms, output);
        using Fingerprint inputs = new Fingerprint().Text(ilc).Texts(arguments).Files(rooms);
        Cache.Make(output, inputs, () => _tools.Reporter.Step(
            "compile to native code", () => External.RunChecked(ilc, arguments, _tools.Repository.Root)));
        return output;
    }

    private static List<string> Arguments(IReadOnlyList<string> rooms, string output) =>
    [
        .. rooms,
        "-o", output,
        "--nativelib", // No Main to be found: boot code calls what is exported by name.
        "--systemmodule:CoreLib",
        "-O",
        "--targetos:linux", "--targetarch:x64", "--instruction-set:x86-64-v2",
        .. rooms.Select(room => $"--generateunmanagedentrypoints:{Path.GetFileNameWithoutExtension(room)}"),
        "--reflectiondata:none",
        "--noinlinetls",
        "-g",
    ];

    /// <summary>
    /// The restore of src/Kernel says where NuGet's packages are and which version was asked for, so that
    /// the version is written once, in the project files.
    /// </summary>
    private string FindCompiler()
    {
        string assets = _tools.Repository.ArtifactOf("obj", "Kernel", "project.assets.json");
        using JsonDocument restore = JsonDocument.Parse(File.ReadAllBytes(assets));
        JsonElement framework = restore.RootElement.GetProperty("project").GetProperty("frameworks")
            .EnumerateObject().First().Value;
        if (!framework.TryGetProperty("downloadDependencies", out JsonElement downloads))
            throw new Failure($"src/Kernel/Kernel.csproj has no PackageDownload of {PackageName}");

        // "[10.0.12, 10.0.12]": exactly this version.
        string? version = downloads.EnumerateArray()
            .Where(package => package.GetProperty("name").GetString() == PackageName)
            .Select(package => package.GetProperty("version").GetString()!.Trim('[', ']').Split(',')[0])
            .FirstOrDefault();
        if (version == null)
            throw new Failure($"src/Kernel/Kernel.csproj has no PackageDownload of {PackageName}");

        return restore.RootElement.GetProperty("packageFolders").EnumerateObject()
            .Select(folder => Path.Combine(folder.Name, PackageName.ToLowerInvariant(), version))
            .Select(package => Path.Combine(package, "tools", "ilc"))
            .FirstOrDefault(File.Exists)
            ?? throw new Failure($"{PackageName} {version} was restored, but its ilc is not there");
    }
}
