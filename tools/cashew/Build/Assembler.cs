namespace Cashew.Tool.Build;

using System;
using System.IO;
using System.Linq;
using Cashew.Tool.Support;

/// <summary>Assembles the files that C# cannot replace, all of them in src/Machine.</summary>
internal sealed class Assembler
{
    private readonly Toolbox _tools;
    private readonly string _work;

    internal Assembler(Toolbox tools, string work)
    {
        _tools = tools;
        _work = work;
    }

    internal string[] AssembleAll()
    {
        string machine = _tools.Repository.PathOf("src", "Machine");
        string[] sources = Directory.EnumerateFiles(machine, "*.S", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).ToArray();
        string[] objects = sources.Select(source => ObjectOf(machine, source)).ToArray();

        // An .S file may include another, or a header: all of them count for each.
        using Fingerprint inputs = new Fingerprint()
            .File(typeof(Assembler).Assembly.Location)
            .Tree(machine, "*.S", "*.inc", "*.h");
        string stamp = Path.Combine(_work, "assembled");
        Cache.Make(stamp, inputs, () => _tools.Reporter.Step("assemble", () =>
        {
            for (int i = 0; i < sources.Length; i++)
                Assemble(sources[i], objects[i]);
            File.WriteAllText(stamp, "");
        }));
        return objects;
    }

    /// <summary>
    /// Paths relative to the root, so that debug information is the same in every checkout.
    /// </summary>
    internal void Assemble(string source, string output) => External.RunChecked(
        "gcc",
        [
            "-c", "-g", $"-fdebug-prefix-map={_tools.Repository.Root}=/cashew", "-I", "src/Machine",
            "-x", "assembler-with-cpp", _tools.Repository.Display(source), "-o", output,
        ],
        _tools.Repository.Root);

    private string ObjectOf(string machine, string source)
    {
        string name = Path.GetRelativePath(machine, source).Replace('/', '-');
        return Path.Combine(_work, Path.ChangeExtension(name, ".o"));
    }
}
