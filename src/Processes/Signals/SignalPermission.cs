using Cashew.Abi;
using Cashew.Files;

namespace Cashew.Processes;

/// <summary>Who may send a signal to whom.</summary>
/// <source>kill(2).</source>
internal static class SignalPermission
{
    /// <errors>EPERM.</errors>
    internal static Errno Check(UserThread sender, Process target, int signal)
    {
        if (ReferenceEquals(sender.Process, target)) return Errno.None;
        Credentials own = sender.Credentials;
        Credentials other = target.Credentials;
        if (own.Euid == other.Suid || own.Euid == other.Uid) return Errno.None;
        if (own.Uid == other.Suid || own.Uid == other.Uid) return Errno.None;
        if (own.Has(Capability.CAP_KILL)) return Errno.None;

        // A shell continues its jobs, whoever they have become.
        bool isJob = signal == Signals.SIGCONT && ReferenceEquals(sender.Process.Session, target.Session);
        return isJob ? Errno.None : Errno.EPERM;
    }
}
