using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class RebootCall
{
    private const int NameBytes = 256;

    /// <summary>Ends or restarts the machine. Does not write back anything: programs call sync(2)
    /// before.</summary>
    /// <errors>EPERM: no CAP_SYS_BOOT. EINVAL: a bad magic number, or an unknown command. EFAULT.</errors>
    /// <source>reboot(2)</source>
    internal static SyscallResult Invoke(
        UserThread caller, uint magic, uint magic2, uint command, UserAddress argument)
    {
        if (!caller.Credentials.Has(Capability.CAP_SYS_BOOT)) return Errno.EPERM;
        if (magic != RebootCommand.LINUX_REBOOT_MAGIC1 || !IsSecondMagic(magic2)) return Errno.EINVAL;
        switch (command)
        {
            case RebootCommand.LINUX_REBOOT_CMD_CAD_ON:
            case RebootCommand.LINUX_REBOOT_CMD_CAD_OFF:
                return 0; // what Ctrl-Alt-Del would do: no keyboard is attached on which it could be pressed

            case RebootCommand.LINUX_REBOOT_CMD_RESTART2:
                Span<byte> name = stackalloc byte[NameBytes];
                if (UserMemory.CopyInString(name, argument) < 0) return Errno.EFAULT;
                goto case RebootCommand.LINUX_REBOOT_CMD_RESTART;

            case RebootCommand.LINUX_REBOOT_CMD_RESTART:
                Log.Info("reboot: Restarting system"u8);
                Power.Reboot();
                break;

            case RebootCommand.LINUX_REBOOT_CMD_HALT:
                Log.Info("reboot: System halted"u8);
                Power.Halt();
                break;

            case RebootCommand.LINUX_REBOOT_CMD_POWER_OFF:
                Log.Info("reboot: Power down"u8);
                Power.Off();
                break;
        }

        Unsupported.Use(caller, "reboot", command);
        return Errno.EINVAL;
    }

    private static bool IsSecondMagic(uint magic) =>
        magic is RebootCommand.LINUX_REBOOT_MAGIC2 or RebootCommand.LINUX_REBOOT_MAGIC2A
            or RebootCommand.LINUX_REBOOT_MAGIC2B or RebootCommand.LINUX_REBOOT_MAGIC2C;
}
