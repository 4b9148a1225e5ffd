namespace Cashew.Abi;

/// <summary>Scheduling policies and flags.</summary>
/// <source>sched(7), sched_setattr(2)</source>
public static class SchedPolicy
{
    public const int SCHED_NORMAL = 0;
    public const int SCHED_OTHER = 0;
    public const int SCHED_FIFO = 1;
    public const int SCHED_RR = 2;
    public const int SCHED_BATCH = 3;
    public const int SCHED_IDLE = 5;
    public const int SCHED_DEADLINE = 6;
    public const int SCHED_RESET_ON_FORK = 1073741824;
    public const int SCHED_FLAG_RESET_ON_FORK = 1;
    public const int SCHED_FLAG_RECLAIM = 2;
    public const int SCHED_FLAG_DL_OVERRUN = 4;
    public const int SCHED_FLAG_KEEP_POLICY = 8;
    public const int SCHED_FLAG_KEEP_PARAMS = 16;
}
