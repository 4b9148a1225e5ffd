using Cashew.Abi;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>The calls that do not return.</summary>
internal static class ExitCalls
{
    /// <summary>Ends the thread; of the process, if it is the last.</summary>
    /// <source>_exit(2), "C library/kernel differences"</source>
    internal static SyscallResult Exit(UserThread caller, int code)
    {
        ThreadExit.Exit(caller, code);
        return Errno.None;
    }

    /// <source>exit_group(2)</source>
    internal static SyscallResult ExitGroup(UserThread caller, int code)
    {
        ThreadExit.ExitGroup(caller, code);
        return Errno.None;
    }
}
