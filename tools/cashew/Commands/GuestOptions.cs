namespace Cashew.Tool.Commands;

using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text;
using Cashew.Tool.Build;
using Cashew.Tool.Images;
using Cashew.Tool.Machines;
using Cashew.Tool.Support;

/// <summary>What <c>run</c> and <c>debug</c> share: one machine that boots to a shell or a program.</summary>
internal sealed class GuestOptions
{
    private readonly Option<string[]> _packages = new("--packages")
    {
        Description = "A root file system of these Debian packages and all that they depend on",
        HelpName = "NAME,...",
        AllowMultipleArgumentsPerToken = false,
    };

    internal MachineOptions Machine { get; } = new();

    internal void AddTo(Command command)
    {
        command.Options.Add(_packages);
        foreach (Option option in Machine.Hardware.Concat(Machine.Guest))
            command.Options.Add(option);
    }

    /// <summary>
    /// The program to run: the words given, or a shell for piped input; null for a login shell.
    /// </summary>
    internal static GuestProgram? Program(Toolbox tools, IReadOnlyList<byte[]>? words)
    {
        if (words != null && words.Count == 0)
            throw new Failure("no program after --");
        if (words == null && HostTerminal.InputIsTerminal)
            return null;
        byte[]? input = HostTerminal.ReadInput(tools.Reporter);
        return new GuestProgram(words ?? [Encoding.ASCII.GetBytes("sh")], input);
    }

    /// <summary>
    /// The machine, with everything built that it boots; the root file system goes into the scratch folder.
    /// </summary>
    internal MachineSpec Prepare(
        ParseResult parsed, Toolbox tools, BuildKind build, GuestProgram? program, ScratchFolder scratch)
    {
        string root = Root(parsed, tools);
        MachineSpec machine = Machine.Describe(parsed, tools, build);
        string initramfs = scratch.PathOf("initramfs.cpio");
        Initramfs.Compose(initramfs, [root], HostTerminal.Settings(), program);
        string memory = Machine.HasMemory(parsed) ? machine.Memory : Initramfs.Memory(root);
        return machine with { Initramfs = initramfs, Memory = memory };
    }

    /// <summary>The archive of the root file system.</summary>
    private string Root(ParseResult parsed, Toolbox tools)
    {
        string? given = parsed.GetValue(Machine.Initramfs);
        string[]? packages = parsed.GetValue(_packages);
        bool hasPackages = packages is { Length: > 0 };
        if (given != null && hasPackages)
            throw new Failure("--initramfs and --packages both say what the root file system is");
        if (given != null && !File.Exists(given))
            throw new Failure($"no such file: {given}");
        if (!hasPackages)
            return given ?? new RootFilesystem(tools.Repository, tools.Debian).Make();

        IReadOnlyList<string> names = PackageNames.Split(packages!);
        if (names.Count == 0)
            throw new Failure("no package named: --packages bash,python3");
        return new PackageRoot(tools).Make(names);
    }
}
