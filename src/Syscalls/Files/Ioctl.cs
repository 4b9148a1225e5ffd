using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Ioctl
{
    /// <summary>Controls a device; three commands work on every file.</summary>
    /// <errors>EBADF. EFAULT. ENOTTY: the file does not know the command. And the device's.</errors>
    /// <source>ioctl(2), ioctl_list(2).</source>
    internal static SyscallResult Invoke(UserThread caller, int fd, uint command, ulong argument)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            switch (command)
            {
                case IoctlNumbers.FIOCLEX:
                    return caller.Descriptors.TrySetFlags(fd, FdFlags.CloseOnExec) ? 0 : Errno.EBADF;
                case IoctlNumbers.FIONCLEX:
                    return caller.Descriptors.TrySetFlags(fd, FdFlags.None) ? 0 : Errno.EBADF;
                case IoctlNumbers.FIONBIO:
                    if (!UserMemory.TryRead(new UserAddress(argument), out int isOn)) return Errno.EFAULT;
                    use.File.SetNonBlocking(isOn != 0);
                    return 0;
            }

            IoResult result = use.File.Control(command, argument);
            if (result.Error == Errno.ENOTTY) Unsupported.Use(caller, "ioctl", command);
            return result;
        }
    }
}
