using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Root and working directory.</summary>
internal static class Directories
{
    private const int PathBytes = 4096;

    /// <errors>EACCES: the directory may not be searched. And those of the path.</errors>
    /// <source>chdir(2)</source>
    internal static SyscallResult Chdir(UserThread caller, UserAddress path)
    {
        if (!TryFind(caller, path, out PathLocation found, out Errno error)) return error;
        caller.Filesystem.SetWorkingDirectory(found);
        return 0;
    }

    /// <errors>EBADF. ENOTDIR. EACCES.</errors>
    /// <source>fchdir(2)</source>
    internal static SyscallResult Fchdir(UserThread caller, int fd)
    {
        if (!caller.Descriptors.TryUseAny(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            if (!use.File.Inode.IsDirectory) return Errno.ENOTDIR;
            error = Permission.CheckSearch(use.File.Inode, caller.Credentials);
            if (error != Errno.None) return error;
            if (!use.File.Location.TryPin()) return Errno.ENOENT;
            caller.Filesystem.SetWorkingDirectory(use.File.Location);
            return 0;
        }
    }

    /// <errors>EPERM: no CAP_SYS_CHROOT. And those of the path.</errors>
    /// <source>chroot(2)</source>
    internal static SyscallResult Chroot(UserThread caller, UserAddress path)
    {
        if (!TryFind(caller, path, out PathLocation found, out Errno error)) return error;
        if (!caller.Credentials.Has(Capability.CAP_SYS_CHROOT))
        {
            found.Unpin();
            return Errno.EPERM;
        }

        caller.Filesystem.SetRoot(found);
        return 0;
    }

    /// <summary>The path of the working directory, with its NUL. The result is the length. What does not lie
    /// below the root is called unreachable.</summary>
    /// <errors>ERANGE: it does not fit. ENOENT: it has been removed. EFAULT.</errors>
    /// <source>getcwd(2)</source>
    internal static SyscallResult Getcwd(UserThread caller, UserAddress buffer, ulong size)
    {
        byte[] room = new byte[PathBytes];
        FilesystemContext context = caller.Filesystem;
        PathLocation here = context.WorkingDirectory;
        if (here.Dentry.IsUnlinked) return Errno.ENOENT;
        bool fits = DirectoryTree.TryFormat(
            here, context.Root, room.AsSpan(0, PathBytes - 1), out ReadOnlySpan<byte> path, out bool isReachable);
        ReadOnlySpan<byte> prefix = isReachable ? default : "(unreachable)"u8;
        if (!fits || prefix.Length + path.Length >= PathBytes) return Errno.ENAMETOOLONG;

        int length = prefix.Length + path.Length + 1;
        if (size < (ulong)length) return Errno.ERANGE;
        Span<byte> terminated = new byte[length];
        prefix.CopyTo(terminated);
        path.CopyTo(terminated[prefix.Length..]);
        return UserMemory.CopyOut(buffer, terminated) == length ? length : Errno.EFAULT;
    }

    private static bool TryFind(UserThread caller, UserAddress path, out PathLocation found, out Errno error)
    {
        found = default;
        if (!PathArgument.TryTake(caller, AtBits.AT_FDCWD, path, out PathArgument argument, out error)) return false;
        using (argument)
        {
            if (!PathWalk.TryFind(
                caller.FileCaller, argument.Start, argument.Path, WalkFlags.FollowLast | WalkFlags.Directory, out found,
                out error))
            {
                return false;
            }
        }

        error = Permission.CheckSearch(found.Inode, caller.Credentials);
        if (error == Errno.None) return true;
        found.Unpin();
        return false;
    }
}
