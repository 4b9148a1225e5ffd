using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>Looking at and changing the limits of processes.</summary>
/// <source>prlimit(2).</source>
public static class LimitRules
{
    /// <summary>fs.nr_open: no table of descriptors is larger, whatever the hard limit says.</summary>
    /// <source>proc_sys_fs(5).</source>
    public const ulong MaxDescriptors = 1024 * 1024;

    /// <summary>May the caller look at or change the target's limits?</summary>
    /// <errors>EPERM: the target's users and groups are not all the caller's real ones, and no
    /// CAP_SYS_RESOURCE.
    /// </errors>
    public static Errno CheckAccess(UserThread caller, Process target)
    {
        if (ReferenceEquals(caller.Process, target)) return Errno.None;
        Credentials own = caller.Credentials;
        Credentials other = target.Credentials;
        bool isSame = own.Uid == other.Uid && own.Uid == other.Euid && own.Uid == other.Suid
            && own.Gid == other.Gid && own.Gid == other.Egid && own.Gid == other.Sgid;
        return isSame || own.Has(Capability.CAP_SYS_RESOURCE) ? Errno.None : Errno.EPERM;
    }

    /// <summary>Replaces a limit and lets it take effect.</summary>
    /// <errors>EINVAL: the soft limit is above the hard one. EPERM: a hard limit is raised, or is beyond what
    /// the kernel can have.</errors>
    public static Errno Change(UserThread caller, Process target, int resource, in Rlimit limit, out Rlimit old)
    {
        old = default;
        if (limit.rlim_cur > limit.rlim_max) return Errno.EINVAL;
        if (resource == RlimitResource.RLIMIT_NOFILE && limit.rlim_max > MaxDescriptors) return Errno.EPERM;
        Errno error = target.Limits.Exchange(resource, limit, caller.Credentials, out old);
        if (error != Errno.None) return error;

        // The space stays while we write, even if its process ends: whoever has picked it up keeps the
        // object.
        if (target.Memory is { } memory) MemoryLimits.Apply(target.Limits, memory);
        if (resource is RlimitResource.RLIMIT_CPU or RlimitResource.RLIMIT_RTTIME) target.Timers.LimitsChanged();
        return Errno.None;
    }
}
