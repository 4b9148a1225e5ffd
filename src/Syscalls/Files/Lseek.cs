using Cashew.Abi;
using Cashew.Files;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Lseek
{
    /// <summary>Moves the file's offset.</summary>
    /// <errors>EBADF. ESPIPE: a pipe or the like. EINVAL: an unknown origin or a place before the start.
    /// ENXIO.</errors>
    /// <source>lseek(2)</source>
    internal static SyscallResult Invoke(UserThread caller, int fd, long offset, uint origin)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (origin > SeekWhence.SEEK_HOLE) return Errno.EINVAL;
            return use.File.Seek(offset, (int)origin);
        }
    }
}
