using Cashew.Abi;
using Cashew.Files;
using Cashew.Tasks;

namespace Cashew.Processes;

/// <summary>Who may make whom run earlier than others.</summary>
/// <source>sched(7), "Privileges and resource limits"; setpriority(2); sched_setscheduler(2).</source>
public static class SchedulingRules
{
    public const int MinNice = -20;
    public const int MaxNice = 19;
    public const int MinRealtime = 1;
    public const int MaxRealtime = 99;

    /// <summary>Nice values as getpriority(2) returns them and RLIMIT_NICE counts them: 40 to 1.</summary>
    public const int NiceBase = 20;

    /// <errors>EPERM: neither the real nor the effective user of the target is the caller's effective one,
    /// and no CAP_SYS_NICE.</errors>
    public static Errno CheckOwner(UserThread caller, UserThread target)
    {
        Credentials own = caller.Credentials;
        Credentials other = target.Credentials;
        bool isOwner = own.Euid == other.Euid || own.Euid == other.Uid;
        return isOwner || own.Has(Capability.CAP_SYS_NICE) ? Errno.None : Errno.EPERM;
    }

    /// <summary>Not below the nice value the target has, or what its RLIMIT_NICE allows.</summary>
    public static bool MayBeNice(UserThread caller, UserThread target, int nice)
    {
        if (nice >= target.Nice || caller.Credentials.Has(Capability.CAP_SYS_NICE)) return true;
        return (ulong)(NiceBase - nice) <= target.Process.Limits.Soft(RlimitResource.RLIMIT_NICE);
    }

    /// <summary>Changes how a thread competes, if the caller may.</summary>
    /// <param name="priority">Of the real-time policies; 0 for the others.</param>
    /// <param name="nice">Takes effect with the others.</param>
    /// <param name="resetsOnFork">SCHED_RESET_ON_FORK.</param>
    /// <errors>EINVAL: a priority out of the policy's range. EPERM.</errors>
    public static Errno Change(
        UserThread caller, UserThread target, SchedulingPolicy policy, int priority, int nice, bool resetsOnFork)
    {
        bool isRealtime = IsRealtime(policy);
        if (isRealtime ? priority is < MinRealtime or > MaxRealtime : priority != 0) return Errno.EINVAL;

        if (!caller.Credentials.Has(Capability.CAP_SYS_NICE)
            && !IsAllowed(caller, target, policy, priority, nice, resetsOnFork)) return Errno.EPERM;
        Scheduler.SetPolicy(target, policy, priority, isRealtime ? target.Nice : nice);
        PriorityFutexes.PriorityChanged(target);
        if (isRealtime) target.Process.Timers.LimitsChanged();
        target.ResetsOnFork = resetsOnFork;
        return Errno.None;
    }

    /// <summary>SCHED_*.</summary>
    /// <source>sched(7). There is no SCHED_DEADLINE.</source>
    public static int NumberOf(SchedulingPolicy policy) => policy switch
    {
        SchedulingPolicy.Fifo => SchedPolicy.SCHED_FIFO,
        SchedulingPolicy.RoundRobin => SchedPolicy.SCHED_RR,
        SchedulingPolicy.Batch => SchedPolicy.SCHED_BATCH,
        SchedulingPolicy.Idle => SchedPolicy.SCHED_IDLE,
        _ => SchedPolicy.SCHED_OTHER,
    };

    public static bool IsRealtime(SchedulingPolicy policy) =>
        policy is SchedulingPolicy.Fifo or SchedulingPolicy.RoundRobin;

    private static bool IsAllowed(
        UserThread caller, UserThread target, SchedulingPolicy policy, int priority, int nice, bool resetsOnFork)
    {
        if (CheckOwner(caller, target) != Errno.None) return false;
        if (target.ResetsOnFork && !resetsOnFork) return false;

        SchedulingPolicy current = Scheduler.PolicyOf(target);
        if (IsRealtime(policy))
        {
            ulong limit = target.Process.Limits.Soft(RlimitResource.RLIMIT_RTPRIO);
            if (policy != current && limit == 0) return false;
            return priority <= Scheduler.RealtimePriorityOf(target) || (ulong)priority <= limit;
        }

        // Out of SCHED_IDLE only where the nice value could be had, too.
        bool leavesIdle = current == SchedulingPolicy.Idle && policy != SchedulingPolicy.Idle;
        if (leavesIdle)
        {
            ulong limit = target.Process.Limits.Soft(RlimitResource.RLIMIT_NICE);
            if ((ulong)(NiceBase - target.Nice) > limit) return false;
        }

        return MayBeNice(caller, target, nice);
    }
}
