using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Calls that change how long a file is, and what room it has.</summary>
internal static class Truncation
{
    /// <source>truncate(2).</source>
    internal static SyscallResult ByPath(UserThread caller, UserAddress address, long lengthBytes)
    {
        if (!UserPath.TryRead(caller, address, out ReadOnlySpan<byte> path, out Errno error)) return error;
        error = FileTree.Truncate(caller.FileCaller, default, path, lengthBytes, Transfers.SizeLimit(caller));
        return Transfers.FinishSized(caller, error);
    }

    /// <source>ftruncate(2).</source>
    internal static SyscallResult ByDescriptor(UserThread caller, int fd, long lengthBytes)
    {
        if (lengthBytes < 0) return Errno.EINVAL;
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            error = FileTree.Truncate(use.File, lengthBytes, Transfers.SizeLimit(caller));
            return Transfers.FinishSized(caller, error);
        }
    }

    /// <errors>EINVAL: a negative offset, or no length. EBADF: not open for writing. EFBIG: past all limits.</errors>
    /// <source>fallocate(2).</source>
    internal static SyscallResult Allocate(UserThread caller, int fd, int mode, long offset, long lengthBytes)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (offset < 0 || lengthBytes <= 0) return Errno.EINVAL;
            if (!use.File.CanWrite) return Errno.EBADF;
            if (lengthBytes > long.MaxValue - offset) return Errno.EFBIG;
            return Transfers.FinishSized(caller, use.File.Allocate(mode, offset, lengthBytes));
        }
    }
}
