using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Open
{
    /// <summary>open(2), creat(2), openat(2): opens a file, which it makes if asked to.</summary>
    /// <errors>
    /// EMFILE: RLIMIT_NOFILE. EFAULT, ENAMETOOLONG: the path. EBADF, ENOTDIR: the directory's descriptor.
    /// All others: <see cref="FileTree.TryOpen(in FileCaller, PathLocation, ReadOnlySpan{byte}, uint, uint, out
    /// OpenFile?, out Errno)"/>.
    /// </errors>
    /// <source>open(2).</source>
    internal static SyscallResult Invoke(
        UserThread caller, int directoryFd, UserAddress pathAddress, uint flags, uint mode)
    {
        if (!UserPath.TryRead(caller, pathAddress, out ReadOnlySpan<byte> path, out Errno error)) return error;
        if (!PathStart.TryGet(caller, directoryFd, path, out PathStart start, out error)) return error;
        using (start)
        {
            // The number first: what has been opened, and perhaps made, need not be given up again.
            int limit = Descriptors.Limit(caller);
            FdFlags fdFlags = FdFlags.FromOpen(flags);
            if (!caller.Descriptors.TryReserve(limit, fdFlags, out int fd, out error)) return error;
            if (!FileTree.TryOpen(caller.FileCaller, start.Location, path, flags, mode, out OpenFile? file, out error))
            {
                caller.Descriptors.CancelReservation(fd);
                return error;
            }

            caller.Descriptors.Install(fd, file);
            return fd;
        }
    }
}
