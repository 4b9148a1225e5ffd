using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Calls about where a process stands.</summary>
internal static class WorkingDirectory
{
    /// <source>chdir(2).</source>
    internal static SyscallResult Change(UserThread caller, UserAddress address)
    {
        if (!UserPath.TryRead(caller, address, out ReadOnlySpan<byte> path, out Errno error)) return error;
        const WalkFlags Flags = WalkFlags.FollowLast | WalkFlags.Directory;
        if (!PathWalk.TryFind(caller.FileCaller, default, path, Flags, out PathLocation found, out error)) return error;
        error = Permission.CheckSearch(found.Inode, caller.Credentials);
        if (error == Errno.None) caller.Filesystem.SetWorkingDirectory(found);
        else found.Unpin();
        return error;
    }

    /// <errors>EBADF. ENOTDIR. EACCES: it may not be searched.</errors>
    /// <source>fchdir(2).</source>
    internal static SyscallResult ChangeTo(UserThread caller, int fd)
    {
        if (!caller.Descriptors.TryUseAny(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            PathLocation location = use.File.Location;
            if (location.IsNone || !location.Inode.IsDirectory) return Errno.ENOTDIR;
            error = Permission.CheckSearch(location.Inode, caller.Credentials);
            if (error != Errno.None) return error;
            // The descriptor holds the place, so pinning it once more cannot fail for long.
            if (!location.TryPin()) return Errno.ENOENT;
            caller.Filesystem.SetWorkingDirectory(location);
            return 0;
        }
    }

    /// <summary>Makes a directory the root of all absolute paths.</summary>
    /// <errors>EPERM: without CAP_SYS_CHROOT. EACCES. Those of the path.</errors>
    /// <source>chroot(2).</source>
    internal static SyscallResult ChangeRoot(UserThread caller, UserAddress address)
    {
        if (!UserPath.TryRead(caller, address, out ReadOnlySpan<byte> path, out Errno error)) return error;
        const WalkFlags Flags = WalkFlags.FollowLast | WalkFlags.Directory;
        if (!PathWalk.TryFind(caller.FileCaller, default, path, Flags, out PathLocation found, out error)) return error;
        error = Permission.CheckSearch(found.Inode, caller.Credentials);
        if (error == Errno.None && !caller.Credentials.Has(Capability.CAP_SYS_CHROOT)) error = Errno.EPERM;
        if (error == Errno.None) caller.Filesystem.SetRoot(found);
        else found.Unpin();
        return error;
    }

    /// <summary>The path of the working directory; a length with its terminator, unlike the C library's function.
    /// </summary>
    /// <errors>ERANGE: no room. ENOENT: the directory has been removed. EFAULT.</errors>
    /// <source>getcwd(2).</source>
    internal static SyscallResult Get(UserThread caller, UserAddress buffer, ulong lengthBytes)
    {
        PathLocation here = caller.Filesystem.WorkingDirectory;
        if (!DirectoryTree.TryFormat(
            here, caller.Filesystem.Root, caller.PathBytes, out ReadOnlySpan<byte> path, out bool isReachable))
            return Errno.ENAMETOOLONG;

        if (here.Dentry.IsUnlinked) return Errno.ENOENT;
        ReadOnlySpan<byte> prefix = isReachable ? default : "(unreachable)"u8;
        int needed = prefix.Length + path.Length + 1;
        if ((ulong)needed > lengthBytes) return Errno.ERANGE;
        bool isCopied = UserMemory.CopyOut(buffer, prefix) == prefix.Length
            && UserMemory.CopyOut(buffer + (ulong)prefix.Length, path) == path.Length
            && UserMemory.TryWrite(buffer + (ulong)(needed - 1), (byte)0);
        return isCopied ? needed : Errno.EFAULT;
    }
}
