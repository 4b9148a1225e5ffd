using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>Which flags of clone(2) go together.</summary>
/// <source>clone(2), ERRORS.</source>
internal static class CloneRules
{
    private const ulong Namespaces = CloneBits.CLONE_NEWNS | CloneBits.CLONE_NEWCGROUP | CloneBits.CLONE_NEWUTS
        | CloneBits.CLONE_NEWIPC | CloneBits.CLONE_NEWUSER | CloneBits.CLONE_NEWPID | CloneBits.CLONE_NEWNET
        | CloneBits.CLONE_NEWTIME;

    /// <summary>What does nothing here, because nothing it would share or split exists: I/O contexts, System V
    /// undo lists, tracers.</summary>
    private const ulong WithoutEffect = CloneBits.CLONE_IO | CloneBits.CLONE_SYSVSEM | CloneBits.CLONE_UNTRACED
        | CloneBits.CLONE_PTRACE | CloneBits.CLONE_DETACHED;

    private const ulong Known = WithoutEffect | CloneBits.CLONE_VM | CloneBits.CLONE_FS | CloneBits.CLONE_FILES
        | CloneBits.CLONE_SIGHAND | CloneBits.CLONE_VFORK | CloneBits.CLONE_PARENT | CloneBits.CLONE_THREAD
        | CloneBits.CLONE_SETTLS | CloneBits.CLONE_PARENT_SETTID | CloneBits.CLONE_CHILD_CLEARTID
        | CloneBits.CLONE_CHILD_SETTID | CloneBits.CLONE_CLEAR_SIGHAND;

    /// <deviation>Namespaces, CLONE_PIDFD and CLONE_INTO_CGROUP are EINVAL, as on a kernel built without them.
    /// </deviation>
    internal static Errno Check(Process caller, in CloneRequest request)
    {
        if (request.Has(Namespaces) || (request.Flags & ~Known) != 0) return Errno.EINVAL;
        if (request.Has(CloneBits.CLONE_THREAD) && !request.Has(CloneBits.CLONE_SIGHAND)) return Errno.EINVAL;
        if (request.Has(CloneBits.CLONE_SIGHAND) && !request.Has(CloneBits.CLONE_VM)) return Errno.EINVAL;
        if (request.Has(CloneBits.CLONE_SIGHAND) && request.Has(CloneBits.CLONE_CLEAR_SIGHAND)) return Errno.EINVAL;
        if (request.Has(CloneBits.CLONE_PARENT) && caller.IsInit) return Errno.EINVAL;

        // As arch_prctl(2) checks it: the processor traps on a base that is no address.
        bool isBadBase = request.Has(CloneBits.CLONE_SETTLS) && request.ThreadPointer >= UserAddress.LimitValue;
        return isBadBase ? Errno.EPERM : Errno.None;
    }
}
