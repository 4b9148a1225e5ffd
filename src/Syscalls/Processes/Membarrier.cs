using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Membarrier
{
    private const int Registrations = MembarrierCommand.MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED
        | MembarrierCommand.MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED
        | MembarrierCommand.MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE
        | MembarrierCommand.MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ;

    /// <summary>Commands that need the registration before: each has the next higher bit.</summary>
    private const int Private = MembarrierCommand.MEMBARRIER_CMD_PRIVATE_EXPEDITED
        | MembarrierCommand.MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE
        | MembarrierCommand.MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ;

    private const int Global =
        MembarrierCommand.MEMBARRIER_CMD_GLOBAL | MembarrierCommand.MEMBARRIER_CMD_GLOBAL_EXPEDITED;

    private const int Supported = Global | Private | Registrations;

    /// <summary>MEMBARRIER_CMD_FLAG_CPU: the third argument names a processor.</summary>
    private const uint OneProcessor = 1;

    /// <summary>A memory barrier on all processors that run threads of a process, or of those that
    /// registered.</summary>
    /// <remarks>
    /// On one processor every other thread has passed a switch, which is such a barrier, before this call
    /// returns to the program, which also aborts its restartable sequences: nothing is left to do. Several
    /// processors need to be interrupted for it; until that exists, the call does not either.
    /// </remarks>
    /// <errors>EINVAL: an unknown command or flag. EPERM: not registered. ENOSYS: several
    /// processors.</errors>
    /// <source>membarrier(2)</source>
    internal static SyscallResult Invoke(UserThread caller, int command, uint flags)
    {
        if (Cpu.Count > 1) return Errno.ENOSYS;
        bool isOfSequences = command == MembarrierCommand.MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ;
        if (flags != 0 && !(isOfSequences && flags == OneProcessor)) return Errno.EINVAL;
        if (command == MembarrierCommand.MEMBARRIER_CMD_QUERY) return Supported;
        if ((command & (command - 1)) != 0) return Errno.EINVAL;
        if ((command & Global) != 0) return 0;
        if ((command & Registrations) != 0)
        {
            caller.Process.MembarrierRegistrations |= command;
            return 0;
        }

        if ((command & Private) == 0) return Errno.EINVAL;
        return (caller.Process.MembarrierRegistrations & command << 1) != 0 ? 0 : Errno.EPERM;
    }
}
