using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Membarrier
{
    private const int Registrations = MembarrierCommand.MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED
        | MembarrierCommand.MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED;

    private const int Supported = MembarrierCommand.MEMBARRIER_CMD_GLOBAL
        | MembarrierCommand.MEMBARRIER_CMD_GLOBAL_EXPEDITED | MembarrierCommand.MEMBARRIER_CMD_PRIVATE_EXPEDITED
        | Registrations;

    /// <summary>A memory barrier on all processors that run threads of a process, or of those that
    /// registered.</summary>
    /// <remarks>
    /// On one processor every other thread has passed a switch, which is such a barrier, before this call
    /// returns to the program: nothing is left to do. Several processors need to be interrupted for it; until
    /// that exists, the call does not either.
    /// </remarks>
    /// <errors>EINVAL: an unknown command or flag. EPERM: not registered. ENOSYS: several
    /// processors.</errors>
    /// <source>membarrier(2)</source>
    internal static SyscallResult Invoke(UserThread caller, int command, uint flags)
    {
        if (Cpu.Count > 1) return Errno.ENOSYS;
        if (flags != 0) return Errno.EINVAL;
        switch (command)
        {
            case MembarrierCommand.MEMBARRIER_CMD_QUERY:
                return Supported;

            case MembarrierCommand.MEMBARRIER_CMD_GLOBAL:
            case MembarrierCommand.MEMBARRIER_CMD_GLOBAL_EXPEDITED:
                return 0;

            case MembarrierCommand.MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED:
            case MembarrierCommand.MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED:
                caller.Process.MembarrierRegistrations |= command;
                return 0;

            case MembarrierCommand.MEMBARRIER_CMD_PRIVATE_EXPEDITED:
                const int Needed = MembarrierCommand.MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED;
                return (caller.Process.MembarrierRegistrations & Needed) != 0 ? 0 : Errno.EPERM;

            default:
                return Errno.EINVAL;
        }
    }
}
