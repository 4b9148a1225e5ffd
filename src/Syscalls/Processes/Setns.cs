using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Setns
{
    /// <summary>Moves the caller to another namespace of mounts, to its root. Of the other kinds there is one
    /// each, which to join changes nothing.</summary>
    /// <param name="kinds">Of a namespace's descriptor the kind that it must have, or 0; of a process's those
    /// of its namespaces that are to be joined.</param>
    /// <errors>EBADF. EINVAL: the descriptor is of neither; not that kind, or none; the namespace of users,
    /// where the caller is already; mounts, while root and working directory are shared. EPERM: no
    /// CAP_SYS_ADMIN, for mounts no CAP_SYS_CHROOT either, or the caller may not look into the process.
    /// EUSERS: time, with several threads. ESRCH: the process is gone.</errors>
    /// <source>setns(2)</source>
    internal static SyscallResult Invoke(UserThread caller, int fd, uint kinds)
    {
        if (!caller.Descriptors.TryUse(fd, out FileUse use, out Errno error)) return error;
        using (use)
        {
            return use.File switch
            {
                NamespaceFile file => Join(caller, file.Namespace, kinds),
                ProcessFile file => Join(caller, file.Process, kinds),
                _ => Errno.EINVAL,
            };
        }
    }

    private static Errno Join(UserThread caller, NamespaceInode target, uint kind)
    {
        if (kind != 0 && kind != target.Flag) return Errno.EINVAL;
        Errno error = Check(caller, target.Flag);
        if (error == Errno.None && target is MountNamespaceInode mounts) caller.EnterMounts(mounts.Mounts);
        return error;
    }

    private static Errno Join(UserThread caller, Process target, ulong kinds)
    {
        if (kinds == 0 || (kinds & ~CloneRules.Namespaces) != 0) return Errno.EINVAL;
        if (target.Leader?.FilesystemOrNone is not FilesystemContext context) return Errno.ESRCH;
        Errno error = InspectPermission.Check(caller, target);
        if (error == Errno.None) error = Check(caller, kinds);
        if (error != Errno.None || (kinds & CloneBits.CLONE_NEWNS) == 0) return error;

        // Its process may end at any time.
        MountNamespaceInode mounts = context.Namespace.Inode!;
        if (!mounts.TryAddUser()) return Errno.ESRCH;
        caller.EnterMounts(mounts.Mounts);
        mounts.ReleaseUser();
        return Errno.None;
    }

    // In the order in which Linux joins them.
    private static Errno Check(UserThread caller, ulong kinds)
    {
        if ((kinds & CloneBits.CLONE_NEWUSER) != 0) return Errno.EINVAL;
        bool isTimeAlone = kinds == CloneBits.CLONE_NEWTIME;
        if (isTimeAlone && caller.Process.ThreadCount > 1) return Errno.EUSERS;
        if (!caller.Credentials.Has(Capability.CAP_SYS_ADMIN)) return Errno.EPERM;
        if ((kinds & CloneBits.CLONE_NEWNS) != 0)
        {
            if (!caller.Credentials.Has(Capability.CAP_SYS_CHROOT)) return Errno.EPERM;
            if (caller.Filesystem.IsShared) return Errno.EINVAL;
        }

        bool hasTime = (kinds & CloneBits.CLONE_NEWTIME) != 0;
        return hasTime && caller.Process.ThreadCount > 1 ? Errno.EUSERS : Errno.None;
    }
}
