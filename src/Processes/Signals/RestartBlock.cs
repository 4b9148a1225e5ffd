using Cashew.Abi;

namespace Cashew.Processes;

/// <summary>
/// The rest of a system call with a relative timeout, which a stop interrupted: the call cannot simply be
/// made again, because some of the time has passed.
/// </summary>
/// <source>restart_syscall(2).</source>
public abstract class RestartBlock
{
    public abstract SyscallResult Restart(UserThread caller);
}
