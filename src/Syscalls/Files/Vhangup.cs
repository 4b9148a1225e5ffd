using Cashew.Abi;
using Cashew.Files.Terminals;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class Vhangup
{
    /// <summary>Hangs up the caller's controlling terminal, if there is one.</summary>
    /// <errors>EPERM: not CAP_SYS_TTY_CONFIG.</errors>
    /// <source>vhangup(2)</source>
    internal static SyscallResult Invoke(UserThread caller)
    {
        if (!caller.Credentials.Has(Capability.CAP_SYS_TTY_CONFIG)) return Errno.EPERM;
        JobControl.Installed.CallerSession?.Terminal?.HangUp();
        return 0;
    }
}
