using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Signalfd
{
    private const uint KnownFlags = SignalfdBits.SFD_CLOEXEC | SignalfdBits.SFD_NONBLOCK;
    private const int NewDescriptor = -1;

    /// <summary>Makes a file to read signals from, or changes which signals one reads.</summary>
    /// <errors>EINVAL: an unknown flag, the size of the set, or a descriptor of another kind. EFAULT. EBADF.
    /// EMFILE.</errors>
    /// <source>signalfd(2)</source>
    internal static SyscallResult Invoke(UserThread caller, int fd, UserAddress mask, ulong size, uint flags)
    {
        if (!SignalSetArgument.TryRead(mask, size, out SignalSet wanted, out Errno error)) return error;
        if ((flags & ~KnownFlags) != 0) return Errno.EINVAL;
        if (fd == NewDescriptor) return NewFile.Install(caller, new SignalFile(wanted, flags), flags);

        if (!caller.Descriptors.TryUse(fd, out FileUse use, out error)) return error;
        using (use)
        {
            if (use.File is not SignalFile file) return Errno.EINVAL;
            file.Wanted = wanted;
            return fd;
        }
    }
}
