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

    /// <errors>EINVAL: a negative offset, or no length. EFBIG: beyond what a file can be, or RLIMIT_FSIZE.
    /// EBADF: not open for writing.</errors>
    /// <source>fallocate(2)</source>
    internal static SyscallResult InvokeAllocate(UserThread caller, int fd, int mode, long offset, long lengthBytes)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (use.File.IsPathOnly) return Errno.EBADF;
            if (offset < 0 || lengthBytes <= 0) return Errno.EINVAL;
            error = CheckMode(mode);
            if (error != Errno.None) return error;
            if (!use.File.CanWrite) return Errno.EBADF;
            return Write.Finish(caller, use.File.Allocate(mode, offset, lengthBytes, FileSizeLimit.Of(caller)));
        }
    }

    /// <errors>EOPNOTSUPP: an unknown mode, or a hole that moves the end. EINVAL: what must stand alone does
    /// not.</errors>
    private static Errno CheckMode(int mode)
    {
        const int holeOrZeros = FallocateBits.FALLOC_FL_PUNCH_HOLE | FallocateBits.FALLOC_FL_ZERO_RANGE;
        const int moving = FallocateBits.FALLOC_FL_COLLAPSE_RANGE | FallocateBits.FALLOC_FL_INSERT_RANGE;
        const int known = holeOrZeros | moving | FallocateBits.FALLOC_FL_KEEP_SIZE | FallocateBits.FALLOC_FL_UNSHARE_RANGE;
        if ((mode & ~known) != 0 || (mode & holeOrZeros) == holeOrZeros) return Errno.EOPNOTSUPP;
        bool punches = (mode & FallocateBits.FALLOC_FL_PUNCH_HOLE) != 0;
        if (punches && (mode & FallocateBits.FALLOC_FL_KEEP_SIZE) == 0) return Errno.EOPNOTSUPP;
        return (mode & moving) != 0 && mode is not (FallocateBits.FALLOC_FL_COLLAPSE_RANGE
            or FallocateBits.FALLOC_FL_INSERT_RANGE) ? Errno.EINVAL : Errno.None;
    }
}
