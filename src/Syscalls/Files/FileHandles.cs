using System;
using System.Buffers.Binary;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Handles: numbers that lead to files as names do. A struct file_handle is the length of the data,
/// the kind of the data, and the data: here the file's generation and number.</summary>
internal static class FileHandles
{
    private const int HeaderBytes = 8;
    private const int DataBytes = 12;
    private const uint MostDataBytes = 128;
    private const int Kind = 1;
    private const int KnownFlags = AtBits.AT_SYMLINK_FOLLOW | AtBits.AT_EMPTY_PATH;

    /// <summary>The handle of the file at a path, and the number of its mount.</summary>
    /// <errors>EINVAL: an unknown flag, or more room than any handle needs. EOVERFLOW: less; how much it
    /// needs is told.
    /// EOPNOTSUPP: the file system has none. EFAULT, ENOMEM. And those of the path.</errors>
    /// <source>name_to_handle_at(2)</source>
    internal static SyscallResult NameToHandle(
        UserThread caller, int directoryFd, UserAddress path, UserAddress handle, UserAddress mountId, int flags)
    {
        if ((flags & ~KnownFlags) != 0) return Errno.EINVAL;
        if (!PathArgument.TryTake(caller, directoryFd, path, out PathArgument argument, out Errno error)) return error;
        using (argument)
        {
            WalkFlags walk = (flags & AtBits.AT_SYMLINK_FOLLOW) != 0 ? WalkFlags.FollowLast : WalkFlags.None;
            if ((flags & AtBits.AT_EMPTY_PATH) != 0) walk |= WalkFlags.AllowEmpty;
            if (!PathWalk.TryFind(
                caller.FileCaller, argument.Start, argument.Path, walk, out PathLocation found, out error))
            {
                return error;
            }

            error = Describe(found, handle, mountId);
            found.Unpin();
            return error;
        }
    }

    /// <summary>Opens the file of a handle on the file system that a descriptor is of.</summary>
    /// <errors>EPERM: not CAP_DAC_READ_SEARCH. EINVAL: no handle has so many bytes. EBADF. ESTALE: no such
    /// file. EFAULT. And those of
    /// <see cref="FileTree.TryOpen(in OpenRequest, out OpenFile?, out Errno)"/>.</errors>
    /// <source>open_by_handle_at(2)</source>
    internal static SyscallResult Open(UserThread caller, int mountFd, UserAddress handle, uint flags)
    {
        if (!caller.Credentials.Has(Capability.CAP_DAC_READ_SEARCH)) return Errno.EPERM;
        if (!UserMemory.TryRead(handle, out uint bytes)) return Errno.EFAULT;
        if (bytes is 0 or > MostDataBytes) return Errno.EINVAL;
        if (mountFd == AtBits.AT_FDCWD) return Open(caller, caller.Filesystem.WorkingDirectory.Mount, handle, bytes, flags);
        if (!caller.Descriptors.TryUse(mountFd, out FileUse use, out Errno error)) return error;
        using (use) return Open(caller, use.File.LinkTarget.Mount, handle, bytes, flags);
    }

    private static Errno Describe(PathLocation found, UserAddress handle, UserAddress mountId)
    {
        if (!found.Mount.Filesystem.HasHandles) return Errno.EOPNOTSUPP;
        if (!UserMemory.TryRead(handle, out uint room)) return Errno.EFAULT;
        if (room > MostDataBytes) return Errno.EINVAL;
        if (!UserMemory.TryWrite(mountId, found.Mount.Id)) return Errno.EFAULT;
        if (room < DataBytes) return UserMemory.TryWrite(handle, DataBytes) ? Errno.EOVERFLOW : Errno.EFAULT;
        if (!found.Mount.Filesystem.TryExport(found, out uint generation)) return Errno.ENOMEM;

        Span<byte> written = stackalloc byte[HeaderBytes + DataBytes];
        BinaryPrimitives.WriteInt32LittleEndian(written, DataBytes);
        BinaryPrimitives.WriteInt32LittleEndian(written[4..], Kind);
        BinaryPrimitives.WriteUInt32LittleEndian(written[HeaderBytes..], generation);
        BinaryPrimitives.WriteUInt64LittleEndian(written[(HeaderBytes + 4)..], found.Inode.Number);
        return UserMemory.CopyOut(handle, written) == written.Length ? Errno.None : Errno.EFAULT;
    }

    private static SyscallResult Open(UserThread caller, Mount mount, UserAddress handle, uint bytes, uint flags)
    {
        Span<byte> given = stackalloc byte[HeaderBytes + (int)MostDataBytes];
        given = given[..(HeaderBytes + (int)bytes)];
        if (UserMemory.CopyIn(given, handle) < given.Length) return Errno.EFAULT;
        if (!mount.Filesystem.HasHandles || bytes < DataBytes) return Errno.ESTALE;
        if (BinaryPrimitives.ReadInt32LittleEndian(given[4..]) != Kind) return Errno.ESTALE;

        uint generation = BinaryPrimitives.ReadUInt32LittleEndian(given[HeaderBytes..]);
        ulong number = BinaryPrimitives.ReadUInt64LittleEndian(given[(HeaderBytes + 4)..]);
        if (!mount.Filesystem.TryImport(mount, generation, number, out PathLocation found)) return Errno.ESTALE;
        OpenRequest request = new(caller.FileCaller, found, flags);
        return FileTree.TryOpen(request, out OpenFile? file, out Errno error)
            ? NewFile.Install(caller, file, flags)
            : error;
    }
}
