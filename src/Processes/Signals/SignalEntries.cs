using Cashew.Abi;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>Makes queue entries as far as the receiver's limit allows, and memory, which counts as a
/// limit.</summary>
/// <source>getrlimit(2), RLIMIT_SIGPENDING; kill(2) is exempt.</source>
internal static class SignalEntries
{
    /// <summary>A null entry with true: the signal goes without its siginfo.</summary>
    /// <errors>EAGAIN: a real-time signal that must not lose what it says.</errors>
    internal static bool TryMake(Process target, in SignalInfo info, out SignalEntry? entry, out Errno error)
    {
        entry = null;
        error = Errno.None;
        bool isRealTime = info.Number >= Signals.SIGRTMIN;
        bool isExempt = !isRealTime && info.Code >= 0;
        UserAccount? account = target.Leader?.Account;
        bool isOver = !isExempt && account is not null
            && ((ulong)account.SignalCount >= target.Limits.Soft(RlimitResource.RLIMIT_SIGPENDING)
                || !KernelObjects.MayCreate());
        if (!isOver)
        {
            entry = new SignalEntry(info) { ChargedTo = account };
            return true;
        }

        if (!isRealTime || info.Code == SigInfoCode.SI_USER) return true;
        error = Errno.EAGAIN;
        return false;
    }
}
