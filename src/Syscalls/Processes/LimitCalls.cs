using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Resource limits.</summary>
internal static class LimitCalls
{
    /// <errors>EINVAL: no such resource. EFAULT.</errors>
    /// <source>getrlimit(2)</source>
    internal static SyscallResult Getrlimit(UserThread caller, uint resource, UserAddress result)
    {
        if (resource >= RlimitResource.RLIM_NLIMITS) return Errno.EINVAL;
        return UserMemory.TryWrite(result, caller.Process.Limits.Get((int)resource)) ? 0 : Errno.EFAULT;
    }

    /// <errors>EFAULT. EINVAL: no such resource, or the soft limit is above the hard one. EPERM.</errors>
    /// <source>setrlimit(2)</source>
    internal static SyscallResult Setrlimit(UserThread caller, uint resource, UserAddress limit)
    {
        // For prlimit a null address means "none"; here it is a bad one.
        return limit.IsNull ? Errno.EFAULT : Prlimit64(caller, 0, resource, limit, default);
    }

    /// <summary>Sets and gets limits of a process, 0 being the caller's.</summary>
    /// <errors>EINVAL. EFAULT. ESRCH. EPERM: somebody else's process, or a hard limit is raised.</errors>
    /// <source>prlimit(2)</source>
    internal static SyscallResult Prlimit64(
        UserThread caller, int pid, uint resource, UserAddress newAddress, UserAddress oldAddress)
    {
        if (resource >= RlimitResource.RLIM_NLIMITS) return Errno.EINVAL;
        Rlimit wanted = default;
        if (!newAddress.IsNull && !UserMemory.TryRead(newAddress, out wanted)) return Errno.EFAULT;

        Process? target = pid == 0 ? caller.Process : ProcessTree.Find(pid);
        if (target is null) return Errno.ESRCH;
        Errno error = LimitRules.CheckAccess(caller, target);
        if (error != Errno.None) return error;

        Rlimit old;
        if (newAddress.IsNull) old = target.Limits.Get((int)resource);
        else error = LimitRules.Change(caller, target, (int)resource, wanted, out old);
        if (error != Errno.None) return error;
        return oldAddress.IsNull || UserMemory.TryWrite(oldAddress, old) ? 0 : Errno.EFAULT;
    }
}
