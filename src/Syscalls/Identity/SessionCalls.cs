using Cashew.Abi;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Process groups and sessions.</summary>
internal static class SessionCalls
{
    /// <errors>ESRCH.</errors>
    /// <source>getpgid(2)</source>
    internal static SyscallResult Getpgid(UserThread caller, int pid) =>
        TryFind(caller, pid) is { } process ? process.Group.Id : Errno.ESRCH;

    /// <errors>ESRCH.</errors>
    /// <source>getsid(2)</source>
    internal static SyscallResult Getsid(UserThread caller, int pid) =>
        TryFind(caller, pid) is { } process ? process.Session.Id : Errno.ESRCH;

    /// <summary>The result is the id of the new session, which is the caller's pid.</summary>
    /// <errors>EPERM: a group has that id already.</errors>
    /// <source>setsid(2)</source>
    internal static SyscallResult Setsid(UserThread caller)
    {
        Errno error = ProcessGroups.StartSession(caller.Process);
        return error == Errno.None ? caller.Process.Id : error;
    }

    private static Process? TryFind(UserThread caller, int pid) => pid == 0 ? caller.Process : ProcessTree.Find(pid);
}
