namespace Cashew.Abi;

/// <summary>Magic numbers and commands of reboot(2).</summary>
/// <source>reboot(2)</source>
public static class RebootCommand
{
    public const uint LINUX_REBOOT_MAGIC1 = 0xFEE1DEAD;
    public const uint LINUX_REBOOT_MAGIC2 = 0x28121969;
    public const uint LINUX_REBOOT_MAGIC2A = 0x5121996;
    public const uint LINUX_REBOOT_MAGIC2B = 0x16041998;
    public const uint LINUX_REBOOT_MAGIC2C = 0x20112000;
    public const uint LINUX_REBOOT_CMD_RESTART = 0x1234567;
    public const uint LINUX_REBOOT_CMD_HALT = 0xCDEF0123;
    public const uint LINUX_REBOOT_CMD_CAD_ON = 0x89ABCDEF;
    public const uint LINUX_REBOOT_CMD_CAD_OFF = 0;
    public const uint LINUX_REBOOT_CMD_POWER_OFF = 0x4321FEDC;
    public const uint LINUX_REBOOT_CMD_RESTART2 = 0xA1B2C3D4;
    public const uint LINUX_REBOOT_CMD_SW_SUSPEND = 0xD000FCE2;
    public const uint LINUX_REBOOT_CMD_KEXEC = 0x45584543;
}
