using Cashew.Abi;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Unshare
{
    private const ulong OfThreads = CloneBits.CLONE_THREAD | CloneBits.CLONE_SIGHAND | CloneBits.CLONE_VM;

    private const ulong Known =
        CloneRules.Namespaces | OfThreads | CloneBits.CLONE_FILES | CloneBits.CLONE_FS | CloneBits.CLONE_SYSVSEM;

    /// <summary>Stops sharing descriptors, root and working directory, or mounts, with others.</summary>
    /// <errors>EINVAL: an unknown flag, a namespace of another kind than mounts, or what a process with
    /// several threads cannot stop sharing. EPERM: a namespace, without CAP_SYS_ADMIN. ENOSPC: as many
    /// namespaces as may be.
    /// ENOMEM.</errors>
    /// <source>unshare(2)</source>
    /// <deviation>All namespaces but those of mounts are EINVAL, as on a kernel built without
    /// them.</deviation>
    internal static SyscallResult Invoke(UserThread caller, ulong flags)
    {
        if ((flags & ~Known) != 0)
        {
            Unsupported.Use(caller, "unshare", flags);
            return Errno.EINVAL;
        }

        Errno error = CloneRules.CheckNamespaces(caller.Credentials, flags);
        if (error != Errno.None) return error;
        if ((flags & OfThreads) != 0 && caller.Process.ThreadCount > 1) return Errno.EINVAL;
        if ((flags & CloneBits.CLONE_FILES) != 0) error = caller.UnshareDescriptors();
        if (error == Errno.None && (flags & CloneBits.CLONE_NEWNS) != 0) error = caller.UnshareMounts();
        if (error != Errno.None) return error;
        if ((flags & CloneBits.CLONE_SYSVSEM) != 0) caller.LeaveSemaphoreUndo();
        if ((flags & CloneBits.CLONE_FS) != 0) caller.UnshareFilesystem();
        return 0;
    }
}
