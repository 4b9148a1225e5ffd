namespace Cashew.Tool.Testing;

using System.Collections.Generic;
using System.Linq;
using Cashew.Tool.Firecracker;
using Cashew.Tool.Machines;

/// <summary>The machines that the kernel promises to boot on.</summary>
internal sealed class BootCases
{
    private const ulong Mebibyte = 1 << 20;
    private const string EnteredByPvh = "boot: entered by PVH";
    private const string EnteredByLinux = "boot: entered by the Linux 64-bit protocol";

    private readonly Shim _shim;
    private readonly string _initramfs;
    private readonly ulong _initramfsBytes;

    /// <param name="shim">Makes Firecracker's state.</param>
    /// <param name="initramfs">What every machine is given as one.</param>
    /// <param name="initramfsBytes">Its length.</param>
    internal BootCases(Shim shim, string initramfs, ulong initramfsBytes)
    {
        _shim = shim;
        _initramfs = initramfs;
        _initramfsBytes = initramfsBytes;
    }

    internal IEnumerable<BootCase> All() =>
    [
        Qemu("q35", MachineModel.Q35, "", "firmware: ACPI tables by BOCHS"),
        Qemu("pc", MachineModel.Pc, "", "firmware: ACPI tables by BOCHS"),
        // Not even a way to turn it off is left.
        Qemu("microvm without ACPI", MachineModel.Microvm, "acpi=off", "firmware: multiprocessor table")
            with { EndsInTripleFault = true },
        Firecracker("Firecracker by PVH", new FirecrackerMachine
        {
            Protocol = BootProtocol.Pvh,
            MemoryBytes = 256 * Mebibyte,
            Cpus = 2,
            CommandLine = CommandLine(""),
            Devices = Shim.Devices,
            InitramfsBytes = _initramfsBytes,
        }),
        // More than 3 GiB: two pieces of memory, and an initramfs beyond what Firecracker maps.
        Firecracker("Firecracker by the Linux protocol", new FirecrackerMachine
        {
            Protocol = BootProtocol.Linux64,
            MemoryBytes = 3328 * Mebibyte,
            Cpus = 2,
            CommandLine = CommandLine(""),
            Devices = Shim.Devices,
            InitramfsBytes = _initramfsBytes,
        }),
        // The longest command line that it takes.
        Firecracker("Firecracker before ACPI", new FirecrackerMachine
        {
            Protocol = BootProtocol.Linux64,
            MemoryBytes = 128 * Mebibyte,
            CommandLine = CommandLine(new string('x', 1900)),
            Devices = Shim.Devices,
            InitramfsBytes = _initramfsBytes,
            HasAcpi = false,
        }),
    ];

    private BootCase Qemu(string name, MachineModel model, string options, string firmware) => new()
    {
        Name = name,
        Describe = (common, _) => common with
        {
            Model = model,
            ModelOptions = options,
            Initramfs = _initramfs,
            CommandLine = "selftest",
        },
        Expected = [EnteredByPvh, firmware],
    };

    private BootCase Firecracker(string name, FirecrackerMachine machine)
    {
        string entry = machine.Protocol == BootProtocol.Pvh ? EnteredByPvh : EnteredByLinux;
        string firmware = machine.HasAcpi ? "ACPI tables by FIRECK" : "multiprocessor table by FC";
        string processors = machine.Cpus == 1 ? "1 processor" : $"{machine.Cpus} processors";
        return new BootCase
        {
            Name = name,
            Describe = (common, scratch) => _shim.Spec(machine, common, _initramfs, scratch),
            Expected =
            [
                $"{entry}, {BootState.UsableBytes(machine) >> 10} KiB of memory",
                $"firmware: {firmware}: {processors}, 1 I/O APIC",
            ],
        };
    }

    /// <summary>A user's words, ours the last of them, then those that Firecracker adds.</summary>
    private static string CommandLine(string filling)
    {
        string devices = string.Join(' ', Shim.Devices.Select(
            device => $"virtio_mmio.device={device.LengthBytes}@0x{device.Address:x}:{device.Gsi}"));
        return $"console=ttyS0 reboot=k panic=1 {filling} selftest pci=off {devices}";
    }
}
