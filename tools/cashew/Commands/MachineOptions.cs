namespace Cashew.Tool.Commands;

using System;
using System.Collections.Generic;
using System.CommandLine;
using Cashew.Tool.Build;
using Cashew.Tool.Machines;
using Cashew.Tool.Support;

/// <summary>The options that describe a virtual machine, shared by the commands that start one.</summary>
internal sealed class MachineOptions
{
    internal MachineOptions(string modelOption = "--machine", string memory = "256M")
    {
        Model = new Option<MachineModel?>(modelOption)
        {
            Description = "QEMU's machine type; the default is microvm for Cashew, q35 for Linux",
            HelpName = "microvm|q35|pc",
        };
        Memory = new Option<string>("--memory", "-m")
        {
            Description = "The guest's memory, as in 512M or 2G; with --packages as much as these need",
            HelpName = "SIZE",
            DefaultValueFactory = _ => memory,
        };
    }

    internal Option<MachineModel?> Model { get; }

    internal Option<string> Memory { get; }

    internal Option<int> Cpus { get; } = new("--cpus")
    {
        Description = "The number of processors",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    internal Option<string?> Initramfs { get; } = new("--initramfs")
    {
        Description = "A root file system (cpio) instead of the built-in BusyBox one",
        HelpName = "FILE",
    };

    internal Option<string?> Append { get; } = new("--append")
    {
        Description = "Words to add to the kernel command line",
        HelpName = "WORDS",
    };

    internal Option<int?> TimeoutSeconds { get; } = new("--timeout")
    {
        Description = "End the machine after so many seconds, with exit code 124",
        HelpName = "SECONDS",
    };

    internal Option<KernelChoice> Kernel { get; } = new("--kernel")
    {
        Description = "cashew, or Debian's linux with the same root file system",
        HelpName = "cashew|linux",
        DefaultValueFactory = _ => KernelChoice.Cashew,
    };

    internal Option<AcceleratorChoice> Accelerator { get; } = new("--accel")
    {
        Description = "kvm, tcg (software emulation), or auto: the best that works",
        HelpName = "auto|kvm|tcg",
        DefaultValueFactory = _ => AcceleratorChoice.Auto,
    };

    /// <summary>The options that say what the machine is like.</summary>
    internal IEnumerable<Option> Hardware => [Model, Memory, Cpus, Accelerator, Kernel, Append];

    /// <summary>The options that say what it boots to, and for how long.</summary>
    internal IEnumerable<Option> Guest => [Initramfs, TimeoutSeconds];

    internal TimeSpan? Timeout(ParseResult parsed) =>
        parsed.GetValue(TimeoutSeconds) is int seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>True when the user said how much memory there is to be.</summary>
    internal bool HasMemory(ParseResult parsed) => parsed.GetResult(Memory) is { Implicit: false };

    /// <summary>The machine as the options describe it, without a root file system.</summary>
    internal MachineSpec Describe(ParseResult parsed, Toolbox tools, BuildKind build)
    {
        tools.Packages.Require(Packages.Emulator);
        KernelChoice kernel = parsed.GetValue(Kernel);
        return new MachineSpec
        {
            Kernel = kernel == KernelChoice.Linux
                ? new LinuxKernel(tools.Debian).Image()
                : new KernelBuild(tools, build).Make(),
            CommandLine = KernelCommandLine.For(kernel, parsed.GetValue(Append)),
            Model = parsed.GetValue(Model) ?? DefaultModel(kernel),
            Memory = parsed.GetValue(Memory)!,
            Cpus = parsed.GetValue(Cpus),
            Accelerator = new AcceleratorProbe(tools.Repository).Resolve(parsed.GetValue(Accelerator)),
        };
    }

    // Linux sometimes hangs while it measures its clock on a busy host's microvm.
    private static MachineModel DefaultModel(KernelChoice kernel) =>
        kernel == KernelChoice.Linux ? MachineModel.Q35 : MachineModel.Microvm;
}
