using Cashew.Abi;
using Cashew.Files;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Seek
{
    /// <summary>Moves the file's offset.</summary>
    /// <errors>EBADF. ESPIPE: a pipe, socket or terminal. EINVAL: unknown origin, or before the start. ENXIO: no data
    /// or hole there.</errors>
    /// <source>lseek(2).</source>
    internal static SyscallResult Invoke(UserThread caller, int fd, long offset, int origin)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use) return use.File.Seek(offset, origin);
    }
}
