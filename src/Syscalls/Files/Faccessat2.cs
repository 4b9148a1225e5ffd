using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Faccessat2
{
    private const int KnownFlags = AtBits.AT_EACCESS | AtBits.AT_SYMLINK_NOFOLLOW | AtBits.AT_EMPTY_PATH;
    private const int KnownModes = 7;

    /// <summary>Whether the caller may read, write or execute a file, as its real user unless told
    /// otherwise.</summary>
    /// <errors>EINVAL: an unknown mode or flag. EACCES, EROFS: no. And those of the path.</errors>
    /// <source>access(2), faccessat(2), faccessat2(2)</source>
    internal static SyscallResult Invoke(UserThread caller, int directoryFd, UserAddress path, int mode, int flags)
    {
        if ((mode & ~KnownModes) != 0 || (flags & ~KnownFlags) != 0) return Errno.EINVAL;
        if (!PathArgument.TryTake(caller, directoryFd, path, out PathArgument argument, out Errno error)) return error;
        using (argument)
        {
            FileCaller asker = caller.FileCaller;
            if ((flags & AtBits.AT_EACCESS) == 0) asker = asker.As(AsRealUser(caller.Credentials));
            if (argument.Itself(flags) is { } file)
            {
                return Permission.Check(file.Inode, (AccessModes)mode, asker.Credentials);
            }

            return FileTree.CheckAccess(
                asker, argument.Start, argument.Path, PathArgument.FollowUnless(flags), (AccessModes)mode);
        }
    }

    /// <summary>Root by real user has its capabilities for this, everybody else none.</summary>
    /// <source>access(2): as the real user would be able to.</source>
    private static Credentials AsRealUser(Credentials own)
    {
        if (own.Fsuid == own.Uid && own.Fsgid == own.Gid) return own;
        return new Credentials(own)
        {
            Fsuid = own.Uid,
            Fsgid = own.Gid,
            Effective = own.Uid == 0 ? own.Permitted : default,
        };
    }
}
