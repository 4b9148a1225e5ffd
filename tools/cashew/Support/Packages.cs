namespace Cashew.Tool.Support;

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

/// <summary>The Debian packages whose programs the command line runs, and how to come by them.</summary>
internal sealed class Packages
{
    internal static readonly Program Linker = new("ld.lld", "lld");
    internal static readonly Program Assembler = new("gcc", "gcc");
    internal static readonly Program Emulator = new("qemu-system-x86_64", "qemu-system-x86");
    internal static readonly Program MuslCompiler = new("musl-gcc", "musl-tools");
    internal static readonly Program Debugger = new("gdb", "gdb");
    internal static readonly Program Archiver = new("cpio", "cpio");

    private readonly Reporter _reporter;

    internal Packages(Reporter reporter) => _reporter = reporter;

    /// <summary>One program and the Debian package that brings it.</summary>
    internal sealed record Program(string Name, string Package);

    /// <summary>Installs what is missing, or says what to install.</summary>
    internal void Require(params Program[] programs)
    {
        string[] missing = programs.Where(program => !IsOnPath(program.Name))
            .Select(program => program.Package).Distinct().ToArray();
        if (missing.Length == 0)
            return;

        string advice = $"apt-get install {string.Join(' ', missing)}";
        string[]? privilege = Privilege();
        if (privilege == null || !IsOnPath("apt-get"))
            throw new Failure($"missing programs; install them with: {advice}");

        _reporter.Step($"install {string.Join(", ", missing)}", () => Install(privilege, missing, advice));
    }

    internal static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Concat(["/usr/local/sbin", "/usr/sbin", "/sbin"])
            .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));

    private static void Install(string[] privilege, string[] missing, string advice)
    {
        // The lists may be missing or old: try with what is there, then once more with fresh ones.
        if (AptGet(privilege, ["install", .. missing]).ExitCode == 0)
            return;
        _ = AptGet(privilege, ["update"]); // A failing mirror shows in the installation's own message.
        ExternalResult second = AptGet(privilege, ["install", .. missing]);
        if (second.ExitCode != 0)
            throw new Failure($"could not install; try yourself: {advice}", second.Error.Trim());
    }

    private static ExternalResult AptGet(string[] privilege, IEnumerable<string> arguments)
    {
        string[] words =
        [
            .. privilege, "env", "DEBIAN_FRONTEND=noninteractive",
            "apt-get", "-y", "-q", "--no-install-recommends", .. arguments,
        ];
        return External.Run(words[0], words.Skip(1));
    }

    /// <summary>The words before a command that make it run as root; null when there is no way.</summary>
    private static string[]? Privilege()
    {
        if (Environment.IsPrivilegedProcess)
            return [];
        bool canSudo = IsOnPath("sudo") && External.Run("sudo", ["-n", "true"]).ExitCode == 0;
        return canSudo ? ["sudo", "-n"] : null;
    }
}
