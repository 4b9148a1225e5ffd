using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Truncate
{
    /// <source>truncate(2)</source>
    internal static SyscallResult Invoke(UserThread caller, UserAddress path, long lengthBytes)
    {
        if (lengthBytes < 0) return Errno.EINVAL;
        if (!PathArgument.TryTake(caller, AtBits.AT_FDCWD, path, out PathArgument argument, out Errno error)) return error;
        using (argument)
        {
            return Write.Finish(caller, FileTree.Truncate(
                caller.FileCaller, argument.Start, argument.Path, lengthBytes, FileSizeLimit.Of(caller)));
        }
    }

    /// <source>ftruncate(2)</source>
    internal static SyscallResult InvokeOpen(UserThread caller, int fd, long lengthBytes)
    {
        if (lengthBytes < 0) return Errno.EINVAL;
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (use.File.IsPathOnly) return Errno.EBADF;
            return Write.Finish(caller, FileTree.Truncate(use.File, lengthBytes, FileSizeLimit.Of(caller)));
        }
    }

    /// <errors>EINVAL: a negative offset, or no length. EFBIG: beyond what a file can be, or RLIMIT_FSIZE. EBADF: not open for writing.</errors>
    /// <source>fallocate(2)</source>
    internal static SyscallResult InvokeAllocate(UserThread caller, int fd, int mode, long offset, long lengthBytes)
    {
        if (offset < 0 || lengthBytes <= 0) return Errno.EINVAL;
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (!use.File.CanWrite) return Errno.EBADF;
            if (offset > long.MaxValue - lengthBytes) return Errno.EFBIG;
            return Write.Finish(caller, use.File.Allocate(mode, offset, lengthBytes, FileSizeLimit.Of(caller)));
        }
    }
}
