using Cashew.Abi;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Processes and threads: how they begin, end, compete and are counted.</summary>
internal static class ProcessCalls
{
    internal static void AddTo(SyscallTable table)
    {
        AddLifetime(table);
        AddProcessFiles(table);
        AddThreads(table);
        AddScheduling(table);
        AddAccounts(table);
    }

    private static void AddLifetime(SyscallTable table)
    {
        table.Add(
            SyscallNumber.fork, "fork",
            static (caller, in a) => CloneCalls.Fork(caller, ref a.Registers));
        table.Add(
            SyscallNumber.vfork, "vfork",
            static (caller, in a) => CloneCalls.Vfork(caller, ref a.Registers));
        table.Add(
            SyscallNumber.clone, "clone",
            static (caller, in a) => CloneCalls.Clone(caller, ref a.Registers, a.A0, a.A1, a.A2, a.A3, a.A4),
            "no namespaces but those of mounts");
        table.Add(
            SyscallNumber.clone3, "clone3",
            static (caller, in a) => CloneCalls.Clone3(caller, ref a.Registers, a.A0, a.A1),
            "no namespaces but those of mounts");
        table.Add(
            SyscallNumber.execve, "execve",
            static (caller, in a) => Execve.Invoke(caller, ref a.Registers, a.A0, a.A1, a.A2),
            "x86-64 programs and scripts; no other formats, no file capabilities");
        table.Add(
            SyscallNumber.execveat, "execveat",
            static (caller, in a) => Execve.InvokeAt(caller, ref a.Registers, a.A0, a.A1, a.A2, a.A3, a.A4),
            "as execve; a script of a close-on-exec descriptor fails only in its interpreter");
        table.Add(SyscallNumber.exit, "exit", static (caller, in a) => ExitCalls.Exit(caller, a.A0));
        table.Add(
            SyscallNumber.exit_group, "exit_group",
            static (caller, in a) => ExitCalls.ExitGroup(caller, a.A0));
        table.Add(
            SyscallNumber.wait4, "wait4",
            static (caller, in a) => WaitCalls.Wait4(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.waitid, "waitid",
            static (caller, in a) => WaitCalls.Waitid(caller, a.A0, a.A1, a.A2, a.A3, a.A4));
    }

    private static void AddProcessFiles(SyscallTable table)
    {
        table.Add(
            SyscallNumber.pidfd_open, "pidfd_open",
            static (caller, in a) => ProcessFileCalls.Open(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.pidfd_send_signal, "pidfd_send_signal",
            static (caller, in a) => ProcessFileCalls.SendSignal(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.pidfd_getfd, "pidfd_getfd",
            static (caller, in a) => ProcessFileCalls.GetFile(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.setns, "setns",
            static (caller, in a) => Setns.Invoke(caller, a.A0, a.A1),
            "of mounts; of the other kinds there is one each");
    }

    private static void AddThreads(SyscallTable table)
    {
        table.Add(SyscallNumber.getpid, "getpid", static (caller, in a) => caller.Process.Id);
        table.Add(SyscallNumber.gettid, "gettid", static (caller, in a) => caller.Id);
        table.Add(SyscallNumber.getppid, "getppid", static (caller, in a) => ThreadCalls.Getppid(caller));
        table.Add(
            SyscallNumber.set_tid_address, "set_tid_address",
            static (caller, in a) => ThreadCalls.SetTidAddress(caller, a.A0));
        table.Add(
            SyscallNumber.set_robust_list, "set_robust_list",
            static (caller, in a) => ThreadCalls.SetRobustList(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.get_robust_list, "get_robust_list",
            static (caller, in a) => ThreadCalls.GetRobustList(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.futex, "futex",
            static (caller, in a) => FutexCall.Invoke(caller, a.A0, a.A1, a.A2, a.A3, a.A4, a.A5));
        table.Add(
            SyscallNumber.futex_waitv, "futex_waitv",
            static (caller, in a) => FutexWaitvCall.Invoke(a.A0, a.A1, a.A2, a.A3, a.A4));
        table.Add(
            SyscallNumber.arch_prctl, "arch_prctl",
            static (caller, in a) => ArchPrctlCall.Invoke(caller, a.A0, a.A1),
            "only segment bases and ARCH_GET_CPUID");
        table.Add(
            SyscallNumber.prctl, "prctl",
            static (caller, in a) => PrctlCall.Invoke(caller, a.A0, a.A1, a.A2, a.A3, a.A4),
            "no memory layout, names of mappings, traps on the time-stamp counter, control of speculation");
        table.Add(
            SyscallNumber.seccomp, "seccomp",
            static (caller, in a) => SeccompCalls.Invoke(caller, a.A0, a.A1, a.A2),
            "no listeners (SECCOMP_RET_USER_NOTIF)");
        table.Add(
            SyscallNumber.kcmp, "kcmp",
            static (caller, in a) => KcmpCall.Invoke(caller, a.A0, a.A1, a.A2, a.A3, a.A4),
            "equal or not, without an order; no KCMP_SYSVSEM, KCMP_EPOLL_TFD");
        table.Add(
            SyscallNumber.unshare, "unshare",
            static (caller, in a) => Unshare.Invoke(caller, a.A0),
            "no namespaces but those of mounts");
        table.Add(
            SyscallNumber.personality, "personality",
            static (caller, in a) => ThreadCalls.Personality(caller, a.A0),
            "flags that only programs of 32 bits or of other systems need have no effect");
        table.Add(SyscallNumber.getcpu, "getcpu", static (caller, in a) => ThreadCalls.Getcpu(a.A0, a.A1));
        table.Add(
            SyscallNumber.membarrier, "membarrier",
            static (caller, in a) => Membarrier.Invoke(caller, a.A0, a.A1),
            "none with several processors");
        table.Add(
            SyscallNumber.rseq, "rseq",
            static (caller, in a) => RseqCall.Invoke(caller, a.A0, a.A1, a.A2, a.A3));
    }

    private static void AddScheduling(SyscallTable table)
    {
        table.Add(SyscallNumber.sched_yield, "sched_yield", static (caller, in a) => SchedulerCalls.Yield());
        table.Add(
            SyscallNumber.sched_setscheduler, "sched_setscheduler",
            static (caller, in a) => SchedulerCalls.SetScheduler(caller, a.A0, a.A1, a.A2),
            "no SCHED_DEADLINE");
        table.Add(
            SyscallNumber.sched_getscheduler, "sched_getscheduler",
            static (caller, in a) => SchedulerCalls.GetScheduler(caller, a.A0));
        table.Add(
            SyscallNumber.sched_setparam, "sched_setparam",
            static (caller, in a) => SchedulerCalls.SetParam(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.sched_getparam, "sched_getparam",
            static (caller, in a) => SchedulerCalls.GetParam(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.sched_setattr, "sched_setattr",
            static (caller, in a) => SchedulerAttributes.Set(caller, a.A0, a.A1, a.A2),
            "no SCHED_DEADLINE, no utilization hints");
        table.Add(
            SyscallNumber.sched_getattr, "sched_getattr",
            static (caller, in a) => SchedulerAttributes.Get(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.sched_setaffinity, "sched_setaffinity",
            static (caller, in a) => AffinityCalls.Set(caller, a.A0, a.A1, a.A2),
            "at most 64 processors");
        table.Add(
            SyscallNumber.sched_getaffinity, "sched_getaffinity",
            static (caller, in a) => AffinityCalls.Get(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.sched_get_priority_max, "sched_get_priority_max",
            static (caller, in a) => SchedulerCalls.GetPriorityMax(a.A0));
        table.Add(
            SyscallNumber.sched_get_priority_min, "sched_get_priority_min",
            static (caller, in a) => SchedulerCalls.GetPriorityMin(a.A0));
        table.Add(
            SyscallNumber.sched_rr_get_interval, "sched_rr_get_interval",
            static (caller, in a) => SchedulerCalls.GetInterval(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.ioprio_get, "ioprio_get",
            static (caller, in a) => IoPriorities.Get(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.ioprio_set, "ioprio_set",
            static (caller, in a) => IoPriorities.Set(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.getpriority, "getpriority",
            static (caller, in a) => Priorities.Get(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.setpriority, "setpriority",
            static (caller, in a) => Priorities.Set(caller, a.A0, a.A1, a.A2));
    }

    private static void AddAccounts(SyscallTable table)
    {
        table.Add(
            SyscallNumber.getrusage, "getrusage",
            static (caller, in a) => UsageCalls.Getrusage(caller, a.A0, a.A1),
            "ru_inblock and ru_oublock are zero");
        table.Add(SyscallNumber.times, "times", static (caller, in a) => UsageCalls.Times(caller, a.A0));
        table.Add(
            SyscallNumber.getrlimit, "getrlimit",
            static (caller, in a) => LimitCalls.Getrlimit(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.setrlimit, "setrlimit",
            static (caller, in a) => LimitCalls.Setrlimit(caller, a.A0, a.A1),
            "RLIMIT_LOCKS and RLIMIT_RSS have no effect, as on Linux");
        table.Add(
            SyscallNumber.prlimit64, "prlimit64",
            static (caller, in a) => LimitCalls.Prlimit64(caller, a.A0, a.A1, a.A2, a.A3),
            "as setrlimit");
    }
}
