namespace Cashew.Tool.Support;

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

/// <summary>
/// Which packages the programs that were asked for take, and their archives. apt decides: it is told that
/// nothing is installed, and asked what it would install. So its sources (security updates, too), its pins
/// and its proxies hold, and it checks signatures and hashes. Nothing is installed here, and no privilege is
/// needed.
/// </summary>
internal sealed class PackageSelection
{
    /// <summary>
    /// Programs use these without saying so (Debian Policy, 3.8, "Essential packages"). Without those that
    /// install packages, start services or log users in: none of that happens here.
    /// </summary>
    private static readonly string[] s_essential =
    [
        "base-files", "base-passwd", "bash", "bsdutils", "coreutils", "dash", "debianutils", "diffutils",
        "findutils", "grep", "gzip", "hostname", "libc-bin", "mawk", "ncurses-base", "ncurses-bin",
        "perl-base", "sed", "tar", "util-linux",
    ];

    private const string SystemLists = "/var/lib/apt/lists";

    // dlstatus:FILE:PERCENT:TEXT
    private const string ProgressPrefix = "dlstatus:";

    private readonly Repository _repository;
    private readonly Reporter _reporter;

    internal PackageSelection(Repository repository, Reporter reporter)
    {
        _repository = repository;
        _reporter = reporter;
    }

    private string State => _repository.ArtifactOf("apt", "state");

    private string Cache => _repository.ArtifactOf("apt", "cache");

    private string Empty => Path.Combine(Cache, "empty");

    /// <summary>Where a package's archive is, once <see cref="Download"/> has been there.</summary>
    internal string PathOf(PackageFile file) => Path.Combine(Cache, "archives", file.FileName);

    /// <summary>The packages and all that they depend on.</summary>
    /// <exception cref="Failure">apt does not know one of them, or they cannot be together.</exception>
    internal IReadOnlyList<PackageFile> Resolve(IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            if (!IsName(name))
                throw new Failure($"not the name of a package: '{name}'");
        }

        string remembered = RememberedPath(names);
        using Fingerprint inputs = new Fingerprint().Texts(s_essential).Texts(names).Texts(ListsState());
        if (!Support.Cache.IsCurrent(remembered, inputs))
        {
            string answer = "";
            _reporter.Step($"resolve {string.Join(", ", names)}", () => answer = Ask(names));
            // The question may have brought fresh lists.
            using Fingerprint current = new Fingerprint().Texts(s_essential).Texts(names).Texts(ListsState());
            Support.Cache.Make(remembered, current, () => File.WriteAllText(remembered, answer));
        }

        return Parse(File.ReadAllText(remembered));
    }

    /// <summary>Fetches the archives that are not here yet.</summary>
    internal void Download(IReadOnlyList<string> names, IReadOnlyList<PackageFile> files)
    {
        PackageFile[] missing = files.Where(file => !IsHere(file)).ToArray();
        if (missing.Length == 0)
            return;

        double megabytes = missing.Sum(file => file.LengthBytes) / 1e6;
        string noun = missing.Length == 1 ? "package" : "packages";
        string title = $"download {missing.Length} {noun}, {megabytes:0.0} MB";
        _reporter.Progress(title, show => Fetch(names, show));
        PackageFile? lost = missing.FirstOrDefault(file => !IsHere(file));
        if (lost != null)
            throw new Failure($"apt-get did not download {lost.FileName}");
    }

    // apt replaces an archive only when it is whole; its name has the version.
    private bool IsHere(PackageFile file) =>
        new FileInfo(PathOf(file)) is { Exists: true } found && found.Length == file.LengthBytes;

    // Patterns of apt's begin with "?" and "~"; a "-" at the end would remove a package. A "+" there is part
    // of names such as g++, which apt looks for first.
    /// <source>Debian Policy, 5.6.1, "Source".</source>
    internal static bool IsName(string name) =>
        name.Length > 1 && char.IsAsciiLetterOrDigit(name[0])
        && name.All(at => char.IsAsciiLetterLower(at) || char.IsAsciiDigit(at) || at is '+' or '-' or '.')
        && name[^1] != '-';

    /// <summary>Reads <c>'URI' FILE LENGTH HASH</c>, apt's lines between words for people.</summary>
    internal static IReadOnlyList<PackageFile> Parse(string answer) => answer.Split('\n')
        .Where(line => line.StartsWith('\''))
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(words => new PackageFile(
            words[1], long.Parse(words[2], CultureInfo.InvariantCulture), words.Length > 3 ? words[3] : ""))
        .ToArray();

    private string Ask(IReadOnlyList<string> names)
    {
        ExternalResult answer = Run(names);
        if (answer.ExitCode != 0)
        {
            // The lists may be missing or old.
            ExternalResult update = External.Run("apt-get", ["-q", .. Options(), "update"]);
            answer = Run(names);
            if (answer.ExitCode != 0)
                throw Refusal(answer, update);
        }

        return string.Join('\n', answer.Output.Split('\n').Where(line => line.StartsWith('\''))) + "\n";

        // What has been downloaded is not printed: the question is asked where nothing has.
        ExternalResult Run(IReadOnlyList<string> wanted) => External.Run(
            "apt-get", [.. Install(wanted, "--print-uris"), "-o", $"Dir::Cache::archives={Empty}"]);
    }

    private static Failure Refusal(ExternalResult answer, ExternalResult update)
    {
        const string Unknown = "E: Unable to locate package ";
        string[] unknown = answer.Error.Split('\n')
            .Where(line => line.StartsWith(Unknown, StringComparison.Ordinal))
            .Select(line => line[Unknown.Length..].Trim()).ToArray();
        if (unknown.Length > 0 && update.ExitCode == 0)
            return new Failure($"Debian has no package {string.Join(", ", unknown)}");
        string details = update.ExitCode == 0 ? answer.Output + answer.Error : update.Error + answer.Error;
        return new Failure("apt cannot say what these packages take", details.Trim());
    }

    private void Fetch(IReadOnlyList<string> names, Action<double> show)
    {
        ProcessStartInfo start = new(
            "apt-get", [.. Install(names, "--download-only"), "-o", "APT::Status-Fd=1"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using Process apt = External.Start(start);
        apt.StandardInput.Close();
        Task<string> errors = apt.StandardError.ReadToEndAsync();
        while (apt.StandardOutput.ReadLine() is string line)
        {
            if (TryParseProgress(line, out double percent))
                show(percent);
        }

        apt.WaitForExit();
        if (apt.ExitCode != 0)
            throw new Failure("could not download the packages", errors.Result.Trim());
    }

    internal static bool TryParseProgress(string line, out double percent)
    {
        percent = 0;
        return line.StartsWith(ProgressPrefix, StringComparison.Ordinal)
            && line.Split(':') is [_, _, string number, ..]
            && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out percent);
    }

    private string[] Install(IReadOnlyList<string> names, string what) =>
        ["-q", "-y", "--no-install-recommends", .. Options(), what, "install", .. s_essential, .. names];

    private string[] Options()
    {
        Directory.CreateDirectory(Path.Combine(Cache, "archives", "partial"));
        Directory.CreateDirectory(Path.Combine(Empty, "partial"));
        Directory.CreateDirectory(Path.Combine(Lists, "partial"));
        Directory.CreateDirectory(State);
        string nothing = Path.Combine(State, "nothing-installed");
        if (!File.Exists(nothing))
            File.WriteAllText(nothing, "");
        return
        [
            "-o", "APT::Sandbox::User=",
            "-o", "APT::Architecture=amd64",
            "-o", "APT::Architectures=amd64",
            "-o", "APT::Keep-Downloaded-Packages=true",
            "-o", "Acquire::ForceHash=SHA256",
            "-o", $"Dir::Cache={Cache}",
            "-o", $"Dir::State={State}",
            "-o", $"Dir::State::lists={Lists}",
            "-o", $"Dir::State::status={nothing}",
        ];
    }

    // The system's, where we may also update them; otherwise our own.
    private string Lists => Environment.IsPrivilegedProcess ? SystemLists : Path.Combine(State, "lists");

    private IEnumerable<string> ListsState() => !Directory.Exists(Lists) ? [] :
        new DirectoryInfo(Lists).EnumerateFiles("*_Packages*")
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => $"{file.Name} {file.Length} {file.LastWriteTimeUtc:O}");

    private string RememberedPath(IReadOnlyList<string> names) =>
        _repository.ArtifactOf("roots", PackageNames.FileName(names) + ".packages");
}
