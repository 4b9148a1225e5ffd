using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Calls that make directories and special files.</summary>
internal static class Nodes
{
    /// <source>mkdir(2).</source>
    internal static SyscallResult MakeDirectory(UserThread caller, int fd, UserAddress address, uint mode)
    {
        if (!UserPath.TryRead(caller, address, out ReadOnlySpan<byte> path, out Errno error)) return error;
        if (!PathStart.TryGet(caller, fd, path, out PathStart start, out error)) return error;
        using (start) return FileTree.MakeDirectory(caller.FileCaller, start.Location, path, mode);
    }

    /// <summary>Makes a regular file, a FIFO, a device or a socket's name.</summary>
    /// <source>mknod(2).</source>
    internal static SyscallResult MakeNode(UserThread caller, int fd, UserAddress address, uint mode, ulong device)
    {
        if (!UserPath.TryRead(caller, address, out ReadOnlySpan<byte> path, out Errno error)) return error;
        if (!PathStart.TryGet(caller, fd, path, out PathStart start, out error)) return error;
        using (start)
        {
            return FileTree.MakeNode(
                caller.FileCaller, start.Location, path, mode, DeviceNumber.FromEncoded((uint)device));
        }
    }
}
