using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>Which flags of clone(2) go together.</summary>
/// <source>clone(2), ERRORS.</source>
public static class CloneRules
{
    /// <summary>All namespaces.</summary>
    public const ulong Namespaces = CloneBits.CLONE_NEWNS | CloneBits.CLONE_NEWCGROUP | CloneBits.CLONE_NEWUTS
        | CloneBits.CLONE_NEWIPC | CloneBits.CLONE_NEWUSER | CloneBits.CLONE_NEWPID | CloneBits.CLONE_NEWNET
        | CloneBits.CLONE_NEWTIME;

    /// <summary>What does nothing here, because nothing it would share or split exists: I/O contexts, System
    /// V undo lists, tracers.</summary>
    private const ulong WithoutEffect = CloneBits.CLONE_IO | CloneBits.CLONE_SYSVSEM | CloneBits.CLONE_UNTRACED
        | CloneBits.CLONE_PTRACE | CloneBits.CLONE_DETACHED;

    private const ulong Known = WithoutEffect | CloneBits.CLONE_VM | CloneBits.CLONE_FS | CloneBits.CLONE_FILES
        | CloneBits.CLONE_SIGHAND | CloneBits.CLONE_VFORK | CloneBits.CLONE_PARENT | CloneBits.CLONE_THREAD
        | CloneBits.CLONE_SETTLS | CloneBits.CLONE_PARENT_SETTID | CloneBits.CLONE_CHILD_CLEARTID
        | CloneBits.CLONE_CHILD_SETTID | CloneBits.CLONE_CLEAR_SIGHAND | CloneBits.CLONE_PIDFD
        | CloneBits.CLONE_INTO_CGROUP | Namespaces;

    private const ulong NotWithPidfd = CloneBits.CLONE_THREAD | CloneBits.CLONE_DETACHED;

    /// <deviation>All namespaces but those of mounts are refused as on a kernel built without them: see
    /// <see cref="CheckNamespaces"/>.</deviation>
    internal static Errno Check(Process caller, in CloneRequest request)
    {
        if ((request.Flags & ~Known) != 0) return Errno.EINVAL;
        if (request.Has(CloneBits.CLONE_NEWNS) && request.Has(CloneBits.CLONE_FS)) return Errno.EINVAL;
        if (request.Has(CloneBits.CLONE_THREAD) && !request.Has(CloneBits.CLONE_SIGHAND)) return Errno.EINVAL;
        if (request.Has(CloneBits.CLONE_SIGHAND) && !request.Has(CloneBits.CLONE_VM)) return Errno.EINVAL;
        if (request.Has(CloneBits.CLONE_SIGHAND) && request.Has(CloneBits.CLONE_CLEAR_SIGHAND)) return Errno.EINVAL;
        if (request.Has(CloneBits.CLONE_PARENT) && caller.IsInit) return Errno.EINVAL;
        if (request.Has(CloneBits.CLONE_PIDFD))
        {
            // One word cannot take both the descriptor and the id.
            bool isTwice = request.Has(CloneBits.CLONE_PARENT_SETTID) && request.DescriptorAddress == request.ParentTid;
            if (isTwice || request.Has(NotWithPidfd)) return Errno.EINVAL;
        }

        Errno error = CheckNamespaces(caller.Credentials, request.Flags);
        if (error != Errno.None) return error;

        // As arch_prctl(2) checks it: the processor traps on a base that is no address.
        bool isBadBase = request.Has(CloneBits.CLONE_SETTLS) && request.ThreadPointer >= UserAddress.LimitValue;
        return isBadBase ? Errno.EPERM : Errno.None;
    }

    /// <errors>EPERM: a namespace, without CAP_SYS_ADMIN. EINVAL: with it, one of another kind than mounts;
    /// or one for users, which needs none.</errors>
    /// <source>clone(2), unshare(2): EINVAL is what a kernel built without a kind of namespaces
    /// says.</source>
    public static Errno CheckNamespaces(Credentials credentials, ulong flags)
    {
        ulong wanted = flags & Namespaces;
        if (wanted == 0) return Errno.None;
        if ((wanted & CloneBits.CLONE_NEWUSER) != 0) return Errno.EINVAL;
        if (!credentials.Has(Capability.CAP_SYS_ADMIN)) return Errno.EPERM;
        return wanted == CloneBits.CLONE_NEWNS ? Errno.None : Errno.EINVAL;
    }
}
