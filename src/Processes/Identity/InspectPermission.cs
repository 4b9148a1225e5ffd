using Cashew.Abi;
using Cashew.Files;

namespace Cashew.Processes;

/// <summary>Who may look into a process: its memory layout, its descriptors, its futexes.</summary>
/// <source>ptrace(2), "Ptrace access mode checking", with PTRACE_MODE_REALCREDS.</source>
public static class InspectPermission
{
    /// <errors>EPERM.</errors>
    public static Errno Check(UserThread caller, Process target)
    {
        if (ReferenceEquals(caller.Process, target)) return Errno.None;
        Credentials own = caller.Credentials;
        if (own.Has(Capability.CAP_SYS_PTRACE)) return Errno.None;

        Credentials other = target.Credentials;
        bool isSame = own.Uid == other.Uid && own.Uid == other.Euid && own.Uid == other.Suid
            && own.Gid == other.Gid && own.Gid == other.Egid && own.Gid == other.Sgid;
        bool isOpen = target.Dumpable == 1 && other.Permitted.IsSubsetOf(own.Permitted);
        return isSame && isOpen ? Errno.None : Errno.EPERM;
    }
}
