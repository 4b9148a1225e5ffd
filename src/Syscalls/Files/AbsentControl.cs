using Cashew.Abi;
using Cashew.Files;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Commands of ioctl(2) that any file can be asked for and no file system here can do. Programs tell
/// by the errno whether to go on without: cp(1) copies where it cannot clone.</summary>
/// <source>ioctl_ficlone(2), ioctl_fideduperange(2), and the commands of filefrag(8) and
/// fsfreeze(8).</source>
internal static class AbsentControl
{
    /// <summary>False: it is none of these.</summary>
    internal static bool TryInvoke(
        UserThread caller, OpenFile file, uint command, ulong argument, out SyscallResult answer)
    {
        bool isAdministrator = caller.Credentials.Has(Capability.CAP_SYS_ADMIN);
        switch (command)
        {
            case IoctlNumbers.FS_IOC_FIEMAP:
                answer = Errno.EOPNOTSUPP;
                return true;
            case IoctlNumbers.FIFREEZE:
                answer = isAdministrator ? Errno.EOPNOTSUPP : Errno.EPERM;
                return true;
            case IoctlNumbers.FITHAW:
                answer = isAdministrator ? Errno.EINVAL : Errno.EPERM;
                return true;
            case IoctlNumbers.FICLONE:
                answer = Clone(caller, file, (int)argument);
                return true;
            default:
                answer = 0;
                return false;
        }
    }

    /// <errors>EBADF: not open for it. EXDEV: two file systems. EISDIR. EINVAL: no regular files.
    /// EOPNOTSUPP.</errors>
    private static Errno Clone(UserThread caller, OpenFile target, int sourceFd)
    {
        if (!caller.Descriptors.TryUse(sourceFd, out FileUse source, out Errno error)) return error;
        using (source)
        {
            Inode from = source.File.Inode;
            Inode to = target.Inode;
            if (source.File.IsPathOnly) return Errno.EBADF;
            if (!ReferenceEquals(from.Filesystem, to.Filesystem)) return Errno.EXDEV;
            if (from.IsDirectory || to.IsDirectory) return Errno.EISDIR;
            if (!from.IsRegular || !to.IsRegular) return Errno.EINVAL;
            return source.File.CanRead && target.CanWrite && !target.IsAppending ? Errno.EOPNOTSUPP : Errno.EBADF;
        }
    }
}
