namespace Cashew.Machine.Simulated;

// What the boot loader says.
public sealed partial class Simulation
{
    internal byte[] CommandLine { get; private set; } = [];

    internal BootModule? Initramfs { get; private set; }

    public void SetBoot(byte[] commandLine, BootModule? initramfs)
    {
        CommandLine = commandLine;
        Initramfs = initramfs;
    }
}
