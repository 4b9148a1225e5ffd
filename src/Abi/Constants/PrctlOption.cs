namespace Cashew.Abi;

/// <summary>Options of prctl(2).</summary>
/// <source>prctl(2)</source>
public static class PrctlOption
{
    public const int PR_SET_PDEATHSIG = 1;
    public const int PR_GET_PDEATHSIG = 2;
    public const int PR_GET_DUMPABLE = 3;
    public const int PR_SET_DUMPABLE = 4;
    public const int PR_GET_KEEPCAPS = 7;
    public const int PR_SET_KEEPCAPS = 8;
    public const int PR_SET_NAME = 15;
    public const int PR_GET_NAME = 16;
    public const int PR_GET_SECCOMP = 21;
    public const int PR_SET_SECCOMP = 22;
    public const int PR_CAPBSET_READ = 23;
    public const int PR_CAPBSET_DROP = 24;
    public const int PR_GET_TSC = 25;
    public const int PR_SET_TSC = 26;
    public const int PR_GET_SECUREBITS = 27;
    public const int PR_SET_SECUREBITS = 28;
    public const int PR_GET_TIMING = 13;
    public const int PR_SET_TIMING = 14;
    public const int PR_TIMING_STATISTICAL = 0;
    public const int PR_TASK_PERF_EVENTS_DISABLE = 31;
    public const int PR_TASK_PERF_EVENTS_ENABLE = 32;
    public const int PR_MCE_KILL = 33;
    public const int PR_MCE_KILL_GET = 34;
    public const int PR_MCE_KILL_CLEAR = 0;
    public const int PR_MCE_KILL_SET = 1;
    public const int PR_MCE_KILL_DEFAULT = 2;
    public const int PR_SPEC_STORE_BYPASS = 0;
    public const int PR_SPEC_INDIRECT_BRANCH = 1;
    public const int PR_SPEC_ENABLE = 2;
    public const int PR_SET_IO_FLUSHER = 57;
    public const int PR_GET_IO_FLUSHER = 58;
    public const int PR_SET_TIMERSLACK = 29;
    public const int PR_GET_TIMERSLACK = 30;
    public const int PR_SET_MM = 35;
    public const int PR_SET_CHILD_SUBREAPER = 36;
    public const int PR_GET_CHILD_SUBREAPER = 37;
    public const int PR_SET_NO_NEW_PRIVS = 38;
    public const int PR_GET_NO_NEW_PRIVS = 39;
    public const int PR_GET_TID_ADDRESS = 40;
    public const int PR_SET_THP_DISABLE = 41;
    public const int PR_GET_THP_DISABLE = 42;
    public const int PR_CAP_AMBIENT = 47;
    public const int PR_CAP_AMBIENT_IS_SET = 1;
    public const int PR_CAP_AMBIENT_RAISE = 2;
    public const int PR_CAP_AMBIENT_LOWER = 3;
    public const int PR_CAP_AMBIENT_CLEAR_ALL = 4;
    public const int PR_SET_PTRACER = 1499557217;
    public const int PR_GET_SPECULATION_CTRL = 52;
    public const int PR_SET_SPECULATION_CTRL = 53;
    public const int PR_SET_VMA = 1398164801;
    public const int PR_SET_VMA_ANON_NAME = 0;
    public const int PR_TSC_ENABLE = 1;
    public const int PR_TSC_SIGSEGV = 2;
}
