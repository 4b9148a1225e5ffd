using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>The segment bases, which hold the pointer to a thread's own data.</summary>
internal static class ArchPrctlCall
{
    /// <errors>EPERM: a base that is no user address. EFAULT. ENODEV: CPUID cannot be turned off. EINVAL:
    /// unknown.</errors>
    /// <source>arch_prctl(2)</source>
    internal static SyscallResult Invoke(UserThread caller, int code, UserAddress address)
    {
        ThreadContext context = caller.Context;
        switch (code)
        {
            case ArchPrctl.ARCH_SET_FS:
                if (address.Value >= UserAddress.LimitValue) return Errno.EPERM;
                context.FsBase = address.Value;
                return 0;

            case ArchPrctl.ARCH_SET_GS:
                if (address.Value >= UserAddress.LimitValue) return Errno.EPERM;
                context.GsBase = address.Value;
                return 0;

            case ArchPrctl.ARCH_GET_FS:
                return UserMemory.TryWrite(address, context.FsBase) ? 0 : Errno.EFAULT;

            case ArchPrctl.ARCH_GET_GS:
                return UserMemory.TryWrite(address, context.GsBase) ? 0 : Errno.EFAULT;

            case ArchPrctl.ARCH_GET_CPUID:
                return 1; // enabled, as it always is

            case ArchPrctl.ARCH_SET_CPUID:
                return Errno.ENODEV;

            default:
                Unsupported.Use(caller, "arch_prctl", (ulong)code);
                return Errno.EINVAL;
        }
    }
}
