using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>The segment bases of a stopped thread: what its own arch_prctl(2) would do.</summary>
internal static class PtraceBases
{
    /// <errors>EPERM: no user address. EFAULT. EINVAL.</errors>
    /// <source>ptrace(2), PTRACE_ARCH_PRCTL; arch_prctl(2)</source>
    internal static SyscallResult Invoke(Tracee tracee, ulong code, ulong value)
    {
        ThreadContext context = tracee.Thread.Context;
        UserAddress address = new(value);
        switch (code)
        {
            case ArchPrctl.ARCH_SET_FS:
                if (value >= UserAddress.LimitValue) return Errno.EPERM;
                context.FsBase = value;
                return 0;
            case ArchPrctl.ARCH_SET_GS:
                if (value >= UserAddress.LimitValue) return Errno.EPERM;
                context.GsBase = value;
                return 0;
            case ArchPrctl.ARCH_GET_FS:
                return UserMemory.TryWrite(address, context.FsBase) ? 0 : Errno.EFAULT;
            case ArchPrctl.ARCH_GET_GS:
                return UserMemory.TryWrite(address, context.GsBase) ? 0 : Errno.EFAULT;
            default:
                return Errno.EINVAL;
        }
    }
}
