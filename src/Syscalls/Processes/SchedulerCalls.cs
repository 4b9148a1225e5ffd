using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;
using Cashew.Tasks;

namespace Cashew.Syscalls;

/// <summary>Scheduling policies and priorities.</summary>
internal static class SchedulerCalls
{
    /// <source>sched_yield(2)</source>
    internal static SyscallResult Yield()
    {
        Scheduler.Yield();
        return 0;
    }

    /// <errors>EINVAL: no such policy, or a priority out of its range. EFAULT. ESRCH. EPERM.</errors>
    /// <source>sched_setscheduler(2)</source>
    internal static SyscallResult SetScheduler(UserThread caller, int tid, int policy, UserAddress parameters) =>
        policy < 0 ? Errno.EINVAL : Set(caller, tid, policy, parameters);

    /// <source>sched_setparam(2): the policy stays.</source>
    internal static SyscallResult SetParam(UserThread caller, int tid, UserAddress parameters) =>
        Set(caller, tid, null, parameters);

    /// <errors>EINVAL: a negative id. ESRCH.</errors>
    /// <source>sched_getscheduler(2)</source>
    internal static SyscallResult GetScheduler(UserThread caller, int tid)
    {
        if (!TryFind(caller, tid, out UserThread target, out Errno error)) return error;
        int flag = target.ResetsOnFork ? SchedPolicy.SCHED_RESET_ON_FORK : 0;
        return PolicyNumbers.Of(Scheduler.PolicyOf(target)) | flag;
    }

    /// <errors>EINVAL: a negative id, or no address. ESRCH. EFAULT.</errors>
    /// <source>sched_getparam(2)</source>
    internal static SyscallResult GetParam(UserThread caller, int tid, UserAddress parameters)
    {
        if (parameters.IsNull) return Errno.EINVAL;
        if (!TryFind(caller, tid, out UserThread target, out Errno error)) return error;
        return UserMemory.TryWrite(parameters, Scheduler.RealtimePriorityOf(target)) ? 0 : Errno.EFAULT;
    }

    /// <errors>EINVAL: no such policy.</errors>
    /// <source>sched_get_priority_max(2)</source>
    internal static SyscallResult GetPriorityMax(int policy) => PriorityBound(policy, SchedulingRules.MaxRealtime);

    /// <source>sched_get_priority_min(2)</source>
    internal static SyscallResult GetPriorityMin(int policy) => PriorityBound(policy, SchedulingRules.MinRealtime);

    /// <summary>How long a turn is; zero for SCHED_FIFO, which has none.</summary>
    /// <errors>EINVAL: a negative id. ESRCH. EFAULT.</errors>
    /// <source>sched_rr_get_interval(2)</source>
    internal static SyscallResult GetInterval(UserThread caller, int tid, UserAddress result)
    {
        if (!TryFind(caller, tid, out UserThread target, out Errno error)) return error;
        Nanoseconds turn = Scheduler.TurnOf(Scheduler.PolicyOf(target));
        return UserMemory.TryWrite(result, ClockTicks.ToTimespec(turn)) ? 0 : Errno.EFAULT;
    }

    /// <summary>A thread by id, 0 being the caller.</summary>
    internal static bool TryFind(UserThread caller, int tid, out UserThread target, out Errno error)
    {
        UserThread? found = tid == 0 ? caller : ProcessTree.FindThread(tid);
        target = found ?? caller;
        error = tid < 0 ? Errno.EINVAL : Errno.ESRCH;
        return tid >= 0 && found is not null;
    }

    private static SyscallResult Set(UserThread caller, int tid, int? wanted, UserAddress parameters)
    {
        if (parameters.IsNull || tid < 0) return Errno.EINVAL;
        if (!UserMemory.TryRead(parameters, out SchedParam param)) return Errno.EFAULT;
        if (!TryFind(caller, tid, out UserThread target, out Errno error)) return error;

        SchedulingPolicy policy = Scheduler.PolicyOf(target);
        bool resetsOnFork = target.ResetsOnFork;
        if (wanted is int number)
        {
            resetsOnFork = (number & SchedPolicy.SCHED_RESET_ON_FORK) != 0;
            number &= ~SchedPolicy.SCHED_RESET_ON_FORK;
            if (!PolicyNumbers.TryDecode(number, out policy)) return Errno.EINVAL;
        }

        return SchedulingRules.Change(caller, target, policy, param.sched_priority, target.Nice, resetsOnFork);
    }

    private static SyscallResult PriorityBound(int policy, int realtime) => policy switch
    {
        SchedPolicy.SCHED_FIFO or SchedPolicy.SCHED_RR => realtime,
        SchedPolicy.SCHED_OTHER or SchedPolicy.SCHED_BATCH or SchedPolicy.SCHED_IDLE
            or SchedPolicy.SCHED_DEADLINE => 0,
        _ => Errno.EINVAL,
    };
}
