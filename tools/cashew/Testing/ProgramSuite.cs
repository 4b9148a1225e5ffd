namespace Cashew.Tool.Testing;

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Cashew.Tool.Images;
using Cashew.Tool.Support;

/// <summary>
/// The scripts in tests/Programs, each with what it prints on Linux beside it. All that are to run share one
/// root file system, with the packages of all of them: few boots are what keeps this short.
/// </summary>
internal sealed class ProgramSuite
{
    // The runner ends a script after 120 s.
    private static readonly TimeSpan s_silenceLimit = TimeSpan.FromSeconds(150);

    private readonly Toolbox _tools;

    internal ProgramSuite(Toolbox tools) => _tools = tools;

    private string Source => _tools.Repository.PathOf("tests", "Programs");

    /// <summary>The scripts that the patterns select, in the runner's order.</summary>
    internal IReadOnlyList<ProgramScript> Scripts(IReadOnlyList<string> patterns) =>
        Directory.EnumerateFiles(Source, "*.sh")
            .Order(StringComparer.Ordinal)
            .Select(ProgramScript.Read)
            .Where(script => TestReport.Matches(script.Name, patterns)).ToArray();

    internal GuestPlan Plan(
        IReadOnlyList<ProgramScript> scripts, IReadOnlyList<string> patterns, bool updates)
    {
        IReadOnlyList<string> packages = PackageNames.Split(scripts.SelectMany(script => script.Packages));
        string root = new PackageRoot(_tools).Make(packages);
        Dictionary<string, ProgramScript> byName = scripts.ToDictionary(script => script.Name);
        return new GuestPlan
        {
            Archives = [root, MakeArchive()],
            Names = scripts.Select(script => script.Name).ToArray(),
            Patterns = patterns,
            LogName = "programs",
            SilenceLimit = s_silenceLimit,
            RunnerOptions = ["--programs"],
            // The runner's own checks print nothing.
            Judge = (name, output) => byName.TryGetValue(name, out ProgramScript? script)
                ? Judge(script, output, updates)
                : null,
        };
    }

    private static string? Judge(ProgramScript script, byte[] output, bool updates)
    {
        if (updates)
        {
            File.WriteAllBytes(script.ExpectedPath, output);
            return null;
        }

        return File.Exists(script.ExpectedPath)
            ? OutputComparison.Difference(File.ReadAllBytes(script.ExpectedPath), output)
            : $"there is no {Path.GetFileName(script.ExpectedPath)}: make it with --update --kernel linux";
    }

    private string MakeArchive()
    {
        GuestSuite guest = new(_tools);
        _ = guest.MakeArchive(); // For the runner, which it compiles.
        string archive = _tools.Repository.ArtifactOf("program-tests.cpio");
        using Fingerprint inputs = new Fingerprint().Text("1").File(guest.Runner).Tree(Source, "*.sh");
        Cache.Make(archive, inputs, () =>
        {
            using FileStream output = File.Create(archive);
            using CpioWriter image = new(output);
            image.AddDirectory("tests", 0x1ED);
            image.AddDirectory("tests/programs", 0x1ED);
            image.AddFile("tests/runner", 0x1ED, File.ReadAllBytes(guest.Runner));
            foreach (string script in Directory.EnumerateFiles(Source, "*.sh").Order(StringComparer.Ordinal))
                image.AddFile($"tests/programs/{Path.GetFileName(script)}", 0x1A4, File.ReadAllBytes(script));
        });
        return archive;
    }
}
