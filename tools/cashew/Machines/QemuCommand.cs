namespace Cashew.Tool.Machines;

using System;
using System.Collections.Generic;

/// <summary>Turns a machine's description into QEMU's options.</summary>
internal static class QemuCommand
{
    internal const string Program = "qemu-system-x86_64";

    /// <summary>QEMU's exit code is twice the value that the guest writes to this port, plus one.</summary>
    internal const int DebugExitPort = 0x501;

    internal static List<string> Options(MachineSpec spec, string controlSocket)
    {
        List<string> options =
        [
            .. Accelerator(spec.Accelerator),
            "-machine", Machine(spec),
            "-m", spec.Memory,
            "-smp", spec.Cpus.ToString(),
            "-nodefaults", "-no-reboot", "-display", "none",
            // QEMU still offers virtio 0.9 by default.
            "-global", "virtio-mmio.force-legacy=false",
            "-device", $"isa-debug-exit,iobase=0x{DebugExitPort:x},iosize=4",
            .. Console(spec),
            "-serial", "chardev:console",
            // The second serial line, where every kernel expects it, tells us how the program ended.
            "-chardev", $"socket,id=control,path={Escape(controlSocket)}",
            "-device", "isa-serial,iobase=0x2f8,irq=3,chardev=control",
            "-kernel", spec.Kernel,
            "-append", spec.CommandLine,
        ];
        if (spec.Initramfs != null)
            options.AddRange(["-initrd", Escape(spec.Initramfs)]);
        options.AddRange(spec.Extra);
        return options;
    }

    // The code needs x86-64-v2; QEMU's default processor under TCG is older.
    internal static string[] Accelerator(AcceleratorChoice accelerator) =>
        accelerator == AcceleratorChoice.Kvm
            ? ["-accel", "kvm", "-cpu", "host"]
            : ["-accel", "tcg", "-cpu", "max"];

    private static string Machine(MachineSpec spec)
    {
        string name = spec.Model switch
        {
            MachineModel.Microvm => "microvm",
            MachineModel.Q35 => "q35",
            MachineModel.Pc => "pc",
            _ => throw new ArgumentOutOfRangeException(nameof(spec)),
        };
        return spec.ModelOptions.Length == 0 ? name : $"{name},{spec.ModelOptions}";
    }

    private static string[] Console(MachineSpec spec) => spec.Console switch
    {
        // signal=off: Ctrl-C is for the guest. mux: Ctrl-A is for us.
        ConsoleKind.Terminal => ["-chardev", "stdio,id=console,mux=on,signal=off", "-mon", "chardev=console"],
        ConsoleKind.Output => ["-chardev", "stdio,id=console,signal=off"],
        ConsoleKind.File => ["-chardev", $"file,id=console,path={Escape(spec.ConsoleLog)}"],
        _ => throw new ArgumentOutOfRangeException(nameof(spec)),
    };

    /// <summary>In QEMU's option lists a comma ends a value, two stand for one.</summary>
    internal static string Escape(string value) => value.Replace(",", ",,");
}
