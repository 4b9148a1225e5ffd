using Cashew.Abi;
using Cashew.Processes;
using Cashew.Tasks;

namespace Cashew.Syscalls;

/// <summary>SCHED_* and what Tasks calls them.</summary>
/// <source>sched(7). There is no SCHED_DEADLINE.</source>
internal static class PolicyNumbers
{
    internal static int Of(SchedulingPolicy policy) => SchedulingRules.NumberOf(policy);

    internal static bool TryDecode(int number, out SchedulingPolicy policy)
    {
        policy = number switch
        {
            SchedPolicy.SCHED_FIFO => SchedulingPolicy.Fifo,
            SchedPolicy.SCHED_RR => SchedulingPolicy.RoundRobin,
            SchedPolicy.SCHED_BATCH => SchedulingPolicy.Batch,
            SchedPolicy.SCHED_IDLE => SchedulingPolicy.Idle,
            _ => SchedulingPolicy.Fair,
        };
        return Of(policy) == number;
    }
}
