namespace Cashew.Tool.Commands;

using System;
using System.CommandLine;
using Cashew.Tool.Machines;

/// <summary>The options that describe a virtual machine, shared by the commands that start one.</summary>
internal sealed class MachineOptions
{
    internal Option<MachineModel?> Model { get; } = new("--machine")
    {
        Description = "QEMU's machine type; the default is microvm for Cashew, q35 for Linux",
        HelpName = "microvm|q35|pc",
    };

    internal Option<string> Memory { get; } = new("--memory")
    {
        Description = "The guest's memory, as in 512M or 2G",
        HelpName = "SIZE",
        DefaultValueFactory = _ => "256M",
    };

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

    internal void AddTo(Command command)
    {
        foreach (Option option in (Option[])
            [Model, Memory, Cpus, Initramfs, Append, TimeoutSeconds, Kernel, Accelerator])
        {
            command.Options.Add(option);
        }
    }

    internal TimeSpan? Timeout(ParseResult parsed) =>
        parsed.GetValue(TimeoutSeconds) is int seconds ? TimeSpan.FromSeconds(seconds) : null;
}
