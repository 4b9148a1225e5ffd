namespace Cashew.Tool.Commands;

using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Text;
using Cashew.Tool.Build;
using Cashew.Tool.Images;
using Cashew.Tool.Machines;
using Cashew.Tool.Support;

/// <summary>Turns a command's options into a machine: builds or fetches what it needs.</summary>
internal sealed class MachinePlan
{
    private readonly Toolbox _tools;
    private readonly MachineOptions _options;
    private readonly ParseResult _parsed;

    internal MachinePlan(Toolbox tools, MachineOptions options, ParseResult parsed)
    {
        _tools = tools;
        _options = options;
        _parsed = parsed;
    }

    /// <summary>The program to run: the words given, or a shell for piped input; null for a login shell.</summary>
    internal GuestProgram? Program(IReadOnlyList<byte[]>? words)
    {
        if (words != null && words.Count == 0)
            throw new Failure("no program after --");
        if (words == null && HostTerminal.InputIsTerminal)
            return null;
        return new GuestProgram(words ?? [Encoding.ASCII.GetBytes("sh")], HostTerminal.ReadInput(_tools.Reporter));
    }

    /// <summary>The machine, with everything built that it boots.</summary>
    internal MachineSpec Spec(BuildKind build, GuestSettings settings, GuestProgram? program, string initramfs)
    {
        _tools.Packages.Require(Packages.Emulator);
        KernelChoice kernel = _parsed.GetValue(_options.Kernel);
        string image = kernel == KernelChoice.Linux
            ? new LinuxKernel(_tools.Debian).Image()
            : new KernelBuild(_tools, build).Make();
        WriteInitramfs(initramfs, settings, program);

        return new MachineSpec
        {
            Kernel = image,
            Initramfs = initramfs,
            CommandLine = KernelCommandLine.For(kernel, _parsed.GetValue(_options.Append)),
            Model = _parsed.GetValue(_options.Model) ?? DefaultModel(kernel),
            Memory = _parsed.GetValue(_options.Memory)!,
            Cpus = _parsed.GetValue(_options.Cpus),
            Accelerator = new AcceleratorProbe(_tools.Repository).Resolve(_parsed.GetValue(_options.Accelerator)),
        };
    }

    // Linux sometimes hangs while it measures its clock on a busy host's microvm.
    internal static MachineModel DefaultModel(KernelChoice kernel) =>
        kernel == KernelChoice.Linux ? MachineModel.Q35 : MachineModel.Microvm;

    private void WriteInitramfs(string path, GuestSettings settings, GuestProgram? program)
    {
        string? given = _parsed.GetValue(_options.Initramfs);
        if (given != null && !File.Exists(given))
            throw new Failure($"no such file: {given}");
        string source = given ?? new RootFilesystem(_tools.Repository, _tools.Debian).Make();
        Initramfs.Compose(path, [source], settings, program);
    }
}
