using Cashew.Abi;
using Cashew.Files;

namespace Cashew.Processes;

/// <summary>Who may look into a process: its memory layout, its descriptors, its futexes.</summary>
/// <source>ptrace(2), "Ptrace access mode checking", with PTRACE_MODE_REALCREDS.</source>
public static class InspectPermission
{
    /// <errors>EPERM.</errors>
    public static Errno Check(UserThread caller, Process target)
        => ReferenceEquals(caller.Process, target)
            ? Errno.None
            : Check(caller.Credentials, caller.Credentials.Uid, caller.Credentials.Gid, target);

    /// <summary>The same for the files in /proc, which look at the ids that file permissions go by
    /// (PTRACE_MODE_FSCREDS). A process's own are for the caller to let pass.</summary>
    /// <errors>EPERM.</errors>
    public static Errno CheckForFile(Credentials own, Process target) => Check(own, own.Fsuid, own.Fsgid, target);

    private static Errno Check(Credentials own, uint uid, uint gid, Process target)
    {
        if (own.Has(Capability.CAP_SYS_PTRACE)) return Errno.None;

        Credentials other = target.Credentials;
        bool isSame = uid == other.Uid && uid == other.Euid && uid == other.Suid
            && gid == other.Gid && gid == other.Egid && gid == other.Sgid;
        bool isOpen = target.Dumpable == 1 && other.Permitted.IsSubsetOf(own.Permitted);
        return isSame && isOpen ? Errno.None : Errno.EPERM;
    }
}
