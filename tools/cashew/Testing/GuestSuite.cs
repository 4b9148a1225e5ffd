namespace Cashew.Tool.Testing;

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Cashew.Tool.Images;
using Cashew.Tool.Support;

/// <summary>The programs in tests/Guest: compiles them and packs them into an archive of their own.</summary>
internal sealed class GuestSuite
{
    // The runner ends a case after 30 s; twice that, and nobody is there any more.
    private static readonly TimeSpan s_silenceLimit = TimeSpan.FromSeconds(60);

    private readonly Toolbox _tools;

    internal GuestSuite(Toolbox tools) => _tools = tools;

    private string Source => _tools.Repository.PathOf("tests", "Guest");

    private string Output => _tools.Repository.ArtifactOf("guest-tests");

    internal bool Exists => File.Exists(Path.Combine(Source, "build.sh"));

    /// <summary>The runner, compiled; <see cref="MakeArchive"/> does that.</summary>
    internal string Runner => Path.Combine(Output, "tests", "runner");

    /// <summary>The tests that the patterns select.</summary>
    internal GuestPlan Plan(string rootFilesystem, IReadOnlyList<string> patterns)
    {
        string archive = MakeArchive();
        return new GuestPlan
        {
            Archives = [rootFilesystem, archive],
            Names = Names().Where(name => TestReport.Matches(name, patterns)).ToArray(),
            Patterns = patterns,
            LogName = "guest",
            SilenceLimit = s_silenceLimit,
        };
    }

    /// <summary>The archive with /tests, made anew only when a source changed.</summary>
    internal string MakeArchive()
    {
        string archive = _tools.Repository.ArtifactOf("guest-tests.cpio");
        using Fingerprint inputs = new Fingerprint().Text("1").Tree(Source, "*");
        Cache.Make(archive, inputs, () =>
        {
            _tools.Packages.Require(Packages.MuslCompiler);
            _tools.Reporter.Step("compile the guest tests", Compile);
            Pack(archive);
        });
        return archive;
    }

    /// <summary>
    /// The names of all tests in the runner's order, so that a run can go on behind a test that took the
    /// machine down. The programs are Linux's own: this host can ask them.
    /// </summary>
    internal IReadOnlyList<string> Names()
    {
        IEnumerable<string> cases = Directory.EnumerateFiles(Path.Combine(Output, "tests", "bin"))
            .Order(StringComparer.Ordinal)
            .SelectMany(program => Lines(External.RunChecked(program, ["--list"]))
                .Select(name => $"{Path.GetFileName(program)}.{name}"));
        IEnumerable<string> scripts = Directory.EnumerateFiles(Path.Combine(Output, "tests", "shell"), "*.sh")
            .Order(StringComparer.Ordinal)
            .Select(script => $"shell.{Path.GetFileNameWithoutExtension(script)}");
        return [.. cases, .. scripts];
    }

    private static string[] Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>build.sh compiles only what changed, but does not know what is gone.</summary>
    private void Compile()
    {
        string names = Path.Combine(_tools.Repository.Artifacts, "guest-tests.names");
        string now = string.Join('\n', Directory.EnumerateFiles(Source, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal));
        bool isSameSet = File.Exists(names) && File.ReadAllText(names) == now;
        if (!isSameSet && Directory.Exists(Output))
            Directory.Delete(Output, recursive: true);

        External.RunChecked("sh", [Path.Combine(Source, "build.sh"), Output], _tools.Repository.Root);
        File.WriteAllText(names, now);
    }

    private void Pack(string archive)
    {
        using FileStream output = File.Create(archive);
        using CpioWriter image = new(output);
        foreach (string folder in Directory.EnumerateDirectories(Output, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            image.AddDirectory(Path.GetRelativePath(Output, folder), 0x1ED);
        }

        Recipe.CopyFiles(Output, image);
    }
}
