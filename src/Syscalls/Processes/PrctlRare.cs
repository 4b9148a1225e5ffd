using Cashew.Abi;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Options of prctl(2) about what this kernel has little of: failing memory, speculation,
/// devices.</summary>
/// <source>prctl(2) and PR_*(2const)</source>
internal static class PrctlRare
{
    /// <errors>EINVAL. EPERM: PR_SET_MM and PR_*_IO_FLUSHER without CAP_SYS_RESOURCE. ENODEV, ENXIO:
    /// speculation of another kind, or that cannot be controlled.</errors>
    internal static SyscallResult Invoke(UserThread caller, int option, ulong value, ulong third, bool hasMore)
    {
        bool hasThird = hasMore || third != 0;
        switch (option)
        {
            case PrctlOption.PR_GET_TIMING:
                return PrctlOption.PR_TIMING_STATISTICAL;
            case PrctlOption.PR_SET_TIMING:
                return value == PrctlOption.PR_TIMING_STATISTICAL ? 0 : Errno.EINVAL;
            case PrctlOption.PR_SET_TSC:
                return value == PrctlOption.PR_TSC_ENABLE ? 0 : Errno.EINVAL;
            case PrctlOption.PR_TASK_PERF_EVENTS_DISABLE:
            case PrctlOption.PR_TASK_PERF_EVENTS_ENABLE:
                return 0; // all that the caller has, and it has none
            case PrctlOption.PR_MCE_KILL:
                return hasMore ? Errno.EINVAL : SetMachineCheckPolicy(caller, value, third);
            case PrctlOption.PR_MCE_KILL_GET:
                return hasThird || value != 0 ? Errno.EINVAL : caller.MachineCheckPolicy;
            case PrctlOption.PR_SET_MM:
                return MayUseResources(caller) ? Errno.EINVAL : Errno.EPERM;
            case PrctlOption.PR_GET_SPECULATION_CTRL:
                if (hasThird) return Errno.EINVAL;
                return IsSpeculation(value) ? PrctlOption.PR_SPEC_ENABLE : Errno.ENODEV;
            case PrctlOption.PR_SET_SPECULATION_CTRL:
                if (hasMore) return Errno.EINVAL;
                return IsSpeculation(value) ? Errno.ENXIO : Errno.ENODEV;
            case PrctlOption.PR_SET_IO_FLUSHER:
                if (!MayUseResources(caller)) return Errno.EPERM;
                if (hasThird || value > 1) return Errno.EINVAL;
                caller.IsIoFlusher = value == 1;
                return 0;
            case PrctlOption.PR_GET_IO_FLUSHER:
                if (!MayUseResources(caller)) return Errno.EPERM;
                if (hasThird || value != 0) return Errno.EINVAL;
                return caller.IsIoFlusher ? 1 : 0;
            default:
                Unsupported.Use(caller, "prctl", (ulong)option);
                return Errno.EINVAL;
        }
    }

    private static SyscallResult SetMachineCheckPolicy(UserThread caller, ulong action, ulong policy)
    {
        switch (action)
        {
            case PrctlOption.PR_MCE_KILL_CLEAR when policy == 0:
                caller.MachineCheckPolicy = PrctlOption.PR_MCE_KILL_DEFAULT;
                return 0;
            case PrctlOption.PR_MCE_KILL_SET when policy <= PrctlOption.PR_MCE_KILL_DEFAULT:
                caller.MachineCheckPolicy = (int)policy;
                return 0;
            default:
                return Errno.EINVAL;
        }
    }

    private static bool IsSpeculation(ulong kind) =>
        kind is PrctlOption.PR_SPEC_STORE_BYPASS or PrctlOption.PR_SPEC_INDIRECT_BRANCH;

    private static bool MayUseResources(UserThread caller) =>
        caller.Credentials.Has(Capability.CAP_SYS_RESOURCE);
}
