namespace Cashew.Tool.Support;

using System;
using System.IO;
using System.Linq;

/// <summary>
/// Downloads Debian packages and unpacks them under <c>artifacts/packages</c>, without installing them and
/// without privileges. apt-get checks signatures and hashes; what was downloaded once is kept.
/// </summary>
internal sealed class DebianArchive
{
    private readonly Repository _repository;
    private readonly Reporter _reporter;

    internal DebianArchive(Repository repository, Reporter reporter)
    {
        _repository = repository;
        _reporter = reporter;
    }

    /// <summary>The folder that holds the files of an unpacked package.</summary>
    internal string Unpacked(string package)
    {
        string folder = _repository.ArtifactOf("packages", package);
        string root = Path.Combine(folder, "root");
        if (Directory.Exists(root))
            return root;

        _reporter.Step($"download {package}", () =>
        {
            Directory.CreateDirectory(folder);
            Query(["apt-get", "download", package], folder);
            string archive = Directory.EnumerateFiles(folder, "*.deb").Order(StringComparer.Ordinal).Last();
            string partial = root + ".partial";
            if (Directory.Exists(partial))
                Directory.Delete(partial, recursive: true);
            External.RunChecked("dpkg-deb", ["-x", archive, partial]);
            Directory.Move(partial, root);
        });
        return root;
    }

    /// <summary>
    /// The first dependency of a package whose name starts so: what a meta package stands for.
    /// </summary>
    internal string Dependency(string package, string prefix)
    {
        string remembered = _repository.ArtifactOf("packages", package + ".is");
        if (File.Exists(remembered))
            return File.ReadAllText(remembered);

        string[] show = ["apt-cache", "show", "--no-all-versions", package];
        string description = Query(show, _repository.Artifacts);
        string? name = description.Split('\n')
            .Where(line => line.StartsWith("Depends:", StringComparison.Ordinal))
            .SelectMany(line => line["Depends:".Length..].Split(','))
            .Select(dependency => dependency.Trim().Split(' ')[0])
            .FirstOrDefault(dependency => dependency.StartsWith(prefix, StringComparison.Ordinal));
        if (name == null)
            throw new Failure($"{package} depends on no package that starts with {prefix}");
        Directory.CreateDirectory(Path.GetDirectoryName(remembered)!);
        File.WriteAllText(remembered, name);
        return name;
    }

    /// <summary>
    /// Asks apt with the system's package lists; where these are missing or old, with fresh ones: the
    /// system's for root, private ones below artifacts otherwise.
    /// </summary>
    private string Query(string[] command, string folder)
    {
        if (!Packages.IsOnPath(command[0]))
            throw new Failure($"{command[0]} is missing: it fetches Debian's packages");

        ExternalResult first = Apt(command, [], folder);
        if (first.ExitCode == 0)
            return first.Output;

        string[] lists = Environment.IsPrivilegedProcess ? [] : PrivateLists();
        ExternalResult update = Apt(["apt-get", "update"], lists, folder);
        ExternalResult second = Apt(command, lists, folder);
        if (second.ExitCode != 0)
            throw new Failure($"{string.Join(' ', command)} failed", (update.Error + second.Error).Trim());
        return second.Output;
    }

    private static ExternalResult Apt(string[] command, string[] options, string folder) =>
        External.Run(command[0], ["-q", "-o", "APT::Sandbox::User=", .. options, .. command[1..]], folder);

    private string[] PrivateLists()
    {
        string state = _repository.ArtifactOf("apt", "state");
        string cache = _repository.ArtifactOf("apt", "cache");
        Directory.CreateDirectory(Path.Combine(state, "lists", "partial"));
        Directory.CreateDirectory(Path.Combine(cache, "archives", "partial"));
        return
        [
            "-o", $"Dir::State={state}",
            "-o", $"Dir::Cache={cache}",
            "-o", "Dir::State::status=/var/lib/dpkg/status",
        ];
    }
}
