using Cashew.Abi;
using Cashew.Files;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Eventfd
{
    private const uint KnownFlags = EventfdBits.EFD_SEMAPHORE | EventfdBits.EFD_CLOEXEC
        | EventfdBits.EFD_NONBLOCK;

    /// <summary>Makes a counter to wait on.</summary>
    /// <errors>EINVAL: an unknown flag. EMFILE.</errors>
    /// <source>eventfd(2)</source>
    internal static SyscallResult Invoke(UserThread caller, uint initial, uint flags)
        => (flags & ~KnownFlags) != 0
            ? Errno.EINVAL
            : NewFile.Install(caller, new EventFile(initial, flags), flags);
}
