using Cashew.Files.Terminals;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>
/// A session: process groups that share a controlling terminal. Exists as long as a process is in it.
/// </summary>
/// <locking>Membership by <see cref="ProcessTree.Lock"/>; the terminal is Files' business.</locking>
/// <source>setsid(2), credentials(7) "Process group ID and session ID".</source>
public sealed class Session : TerminalSession
{
    internal Session(Pid pid) => Pid = pid;

    public override int Id => Pid.Number;

    internal Pid Pid { get; }

    protected override void SendSignalToLeader(int signal)
    {
        using (SpinLock.Guard guard = ProcessTree.Lock.Acquire())
        {
            if (Pid.Process is { } leader) SignalSender.Raise(leader, signal);
        }
    }

    /// <summary>How many process groups belong to it.</summary>
    internal int GroupCount;
}
