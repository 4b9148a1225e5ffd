namespace Cashew.Tool.Build;

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Cashew.Tool.Build.Symbols;
using Cashew.Tool.Support;

/// <summary>
/// From C# to a bootable image: dotnet build, ilc, assembler, linker, symbols, linker again. Each step runs
/// only when something that it reads changed, and gives the same bytes for the same inputs.
/// </summary>
internal sealed class KernelBuild
{
    private readonly Toolbox _tools;
    private readonly BuildKind _kind;

    internal KernelBuild(Toolbox tools, BuildKind kind)
    {
        _tools = tools;
        _kind = kind;
    }

    private Repository Repository => _tools.Repository;

    private string Source => Repository.PathOf("src");

    /// <summary>The finished image's path.</summary>
    internal string Make()
    {
        if (!File.Exists(Path.Combine(Source, "Kernel", "Kernel.csproj")))
            throw new Failure("there is no kernel in this checkout: src/Kernel/Kernel.csproj is missing");

        string name = _kind == BuildKind.Debug ? "cashew-debug.elf" : "cashew.elf";
        string image = Repository.ArtifactOf(name);
        using Fingerprint inputs = Inputs();
        Cache.Make(image, inputs, () => Build(image));
        return image;
    }

    private void Build(string image)
    {
        _tools.Packages.Require(Packages.Linker, Packages.Assembler);
        string work = Repository.ArtifactOf("obj", "image", _kind.ToString().ToLowerInvariant());
        Directory.CreateDirectory(work);

        IReadOnlyList<string> rooms = new Rooms(_tools, _kind).Compile();
        string managed = new NativeCompiler(_tools).Compile(rooms, Path.Combine(work, "managed.o"));
        string[] assembled = new Assembler(_tools, work).AssembleAll();
        string vdso = new VdsoImage(_tools, work).Make();
        string saved = Path.Combine(Source, "Machine", "Boot", "xmm.txt");
        string report = Path.Combine(work, "xmm-report.txt");
        _tools.Reporter.Step("check vector registers", () => XmmCheck.Run(managed, report, saved));
        new ImageLinker(_tools, work, new SymbolNames(rooms)).Link([managed, .. assembled, vdso], image);
    }

    /// <summary>
    /// Everything an image is made of. The pipeline's own code counts: it is part of the recipe.
    /// </summary>
    private Fingerprint Inputs() => new Fingerprint()
        .Text(_kind.ToString())
        .File(typeof(KernelBuild).Assembly.Location)
        .File(Repository.PathOf("Directory.Build.props"))
        .File(Repository.PathOf("global.json"))
        .Files(SourceFiles(Source));

    /// <summary>
    /// The files below a folder that a build reads, without what editors and builds leave there.
    /// </summary>
    internal static IEnumerable<string> SourceFiles(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(path =>
            Path.GetExtension(path) is ".cs" or ".csproj" or ".props" or ".targets"
                or ".S" or ".inc" or ".h" or ".ld" or ".map"
            || Path.GetFileName(path) == "xmm.txt");
}
