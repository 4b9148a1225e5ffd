using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>The calls that make and take away names: each is the operation of <see cref="FileTree"/> it is
/// named after.</summary>
internal static class Names
{
    /// <source>mkdir(2), mkdirat(2)</source>
    internal static SyscallResult Mkdirat(UserThread caller, int directoryFd, UserAddress path, uint mode)
    {
        if (!PathArgument.TryTake(caller, directoryFd, path, out PathArgument argument, out Errno error)) return error;
        using (argument) return FileTree.MakeDirectory(caller.FileCaller, argument.Start, argument.Path, mode);
    }

    /// <source>mknod(2), mknodat(2)</source>
    internal static SyscallResult Mknodat(UserThread caller, int directoryFd, UserAddress path, uint mode, ulong device)
    {
        if (!PathArgument.TryTake(caller, directoryFd, path, out PathArgument argument, out Errno error)) return error;
        using (argument)
        {
            return FileTree.MakeNode(
                caller.FileCaller, argument.Start, argument.Path, mode, DeviceNumber.FromEncoded(device));
        }
    }

    /// <errors>EINVAL: an unknown flag.</errors>
    /// <source>unlink(2), rmdir(2), unlinkat(2)</source>
    internal static SyscallResult Unlinkat(UserThread caller, int directoryFd, UserAddress path, int flags)
    {
        if ((flags & ~AtBits.AT_REMOVEDIR) != 0) return Errno.EINVAL;
        if (!PathArgument.TryTake(caller, directoryFd, path, out PathArgument argument, out Errno error)) return error;
        using (argument)
        {
            return flags == 0
                ? FileTree.Unlink(caller.FileCaller, argument.Start, argument.Path)
                : FileTree.RemoveDirectory(caller.FileCaller, argument.Start, argument.Path);
        }
    }

    /// <source>symlink(2), symlinkat(2)</source>
    internal static SyscallResult Symlinkat(UserThread caller, UserAddress target, int directoryFd, UserAddress path)
    {
        if (!UserPath.TryCopy(target, out UserPath text, out Errno error)) return error;
        using (text)
        {
            if (!PathArgument.TryTake(caller, directoryFd, path, out PathArgument argument, out error)) return error;
            using (argument)
            {
                return FileTree.MakeSymlink(caller.FileCaller, text.Bytes, argument.Start, argument.Path);
            }
        }
    }

    /// <errors>EINVAL: an unknown flag. ENOENT: AT_EMPTY_PATH without CAP_DAC_READ_SEARCH.</errors>
    /// <source>link(2), linkat(2)</source>
    internal static SyscallResult Linkat(
        UserThread caller, int oldFd, UserAddress oldPath, int newFd, UserAddress newPath, int flags)
    {
        if ((flags & ~(AtBits.AT_SYMLINK_FOLLOW | AtBits.AT_EMPTY_PATH)) != 0) return Errno.EINVAL;
        bool isEmptyAllowed = (flags & AtBits.AT_EMPTY_PATH) != 0;
        if (isEmptyAllowed && !caller.Credentials.Has(Capability.CAP_DAC_READ_SEARCH)) return Errno.ENOENT;

        WalkFlags walk = (flags & AtBits.AT_SYMLINK_FOLLOW) != 0 ? WalkFlags.FollowLast : WalkFlags.None;
        if (isEmptyAllowed) walk |= WalkFlags.AllowEmpty;
        if (!PathArgument.TryTake(caller, oldFd, oldPath, out PathArgument old, out Errno error)) return error;
        using (old)
        {
            if (!PathArgument.TryTake(caller, newFd, newPath, out PathArgument name, out error)) return error;
            using (name)
            {
                return FileTree.MakeLink(caller.FileCaller, old.Start, old.Path, walk, name.Start, name.Path);
            }
        }
    }

    /// <source>rename(2), renameat(2), renameat2(2)</source>
    internal static SyscallResult Renameat2(
        UserThread caller, int oldFd, UserAddress oldPath, int newFd, UserAddress newPath, uint flags)
    {
        if (!PathArgument.TryTake(caller, oldFd, oldPath, out PathArgument old, out Errno error)) return error;
        using (old)
        {
            if (!PathArgument.TryTake(caller, newFd, newPath, out PathArgument name, out error)) return error;
            using (name)
            {
                return FileTree.Rename(caller.FileCaller, old.Start, old.Path, name.Start, name.Path, flags);
            }
        }
    }

    /// <summary>The text of a symbolic link, cut to the buffer, without NUL.</summary>
    /// <errors>EINVAL: the size is not positive, or it is no symbolic link.</errors>
    /// <source>readlink(2), readlinkat(2)</source>
    internal static SyscallResult Readlinkat(
        UserThread caller, int directoryFd, UserAddress path, UserAddress buffer, int size)
    {
        if (size <= 0) return Errno.EINVAL;
        if (!PathArgument.TryTake(caller, directoryFd, path, out PathArgument argument, out Errno error)) return error;
        using (argument)
        {
            if (!FileTree.TryReadLink(
                caller.FileCaller, argument.Start, argument.Path, out byte[]? target, out error))
            {
                return error;
            }

            int length = int.Min(size, target.Length);
            return UserMemory.CopyOut(buffer, target.AsSpan(0, length)) == length ? length : Errno.EFAULT;
        }
    }
}
