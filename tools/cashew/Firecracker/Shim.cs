namespace Cashew.Tool.Firecracker;

using System.Globalization;
using System.IO;
using Cashew.Tool.Machines;
using Cashew.Tool.Support;

/// <summary>
/// Boots a kernel from Firecracker's state on QEMU: tests/Firecracker/shim.S is the kernel that QEMU sees,
/// and makes the machine what Firecracker would have.
/// </summary>
internal sealed class Shim
{
    // acpi=off and no words of QEMU's own: everything the kernel is told comes from us. Firecracker has no
    // clock with a battery.
    private const string ModelOptions = "acpi=off,auto-kernel-cmdline=off,rtc=off";

    private readonly Toolbox _tools;

    internal Shim(Toolbox tools) => _tools = tools;

    /// <summary>What <see cref="Spec"/> gives a machine, as its kernel has to be told.</summary>
    internal static VirtioDevice[] Devices => [new VirtioDevice(0xFEB0_0000, 0x200, 5)];

    /// <param name="machine">What Firecracker would be told.</param>
    /// <param name="common">The machine's kernel, console and accelerator.</param>
    /// <param name="initramfs">A file as long as <paramref name="machine"/> says; null for none.</param>
    /// <param name="scratch">Takes the state; it has to live as long as the machine.</param>
    internal MachineSpec Spec(
        FirecrackerMachine machine, MachineSpec common, string? initramfs, ScratchFolder scratch)
    {
        ulong entry = KernelImage.Read(common.Kernel).EntryOf(machine.Protocol);
        string state = scratch.PathOf("firecracker-state");
        File.WriteAllBytes(state, BootState.Make(machine).ForShim(machine.Protocol, entry));
        string[] archive = initramfs == null
            ? []
            : ["-device", Loader(initramfs, machine.InitramfsAddress)];
        return common with
        {
            Kernel = Build(),
            Model = MachineModel.Microvm,
            ModelOptions = ModelOptions,
            Memory = $"{machine.MemoryBytes >> 20}M",
            Cpus = machine.Cpus,
            CommandLine = "",
            Extra =
            [
                .. common.Extra,
                "-device", $"loader,file={QemuCommand.Escape(common.Kernel)},force-raw=off",
                "-device", Loader(state, GuestMemory.ShimAddress),
                .. archive,
                // Firecracker always has both.
                "-device", "i8042",
                "-device", "virtio-rng-device,bus=virtio-mmio-bus.0",
            ],
        };
    }

    private static string Loader(string file, ulong address) => string.Create(
        CultureInfo.InvariantCulture,
        $"loader,file={QemuCommand.Escape(file)},addr=0x{address:x},force-raw=on");

    private string Build()
    {
        string folder = _tools.Repository.PathOf("tests", "Firecracker");
        string image = _tools.Repository.ArtifactOf("test", "firecracker-shim.elf");
        using Fingerprint inputs = new Fingerprint()
            .File(typeof(Shim).Assembly.Location)
            .Tree(folder, "*.S", "*.ld");
        Cache.Make(image, inputs, () =>
        {
            string compiled = image + ".o";
            External.RunChecked("gcc", ["-c", Path.Combine(folder, "shim.S"), "-o", compiled]);
            External.RunChecked(
                "ld.lld", ["--build-id=none", "-T", Path.Combine(folder, "shim.ld"), compiled, "-o", image]);
        });
        return image;
    }
}
