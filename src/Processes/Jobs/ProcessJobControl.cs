using System.Diagnostics.CodeAnalysis;
using Cashew.Files.Terminals;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>What terminals ask about the process that uses them.</summary>
public sealed class ProcessJobControl : JobControl
{
    public override TerminalSession? CallerSession => UserThread.Current.Process.Session;

    public override TerminalGroup? CallerGroup => UserThread.Current.Process.Group;

    public override bool CallerIsSessionLeader => UserThread.Current.Process.IsSessionLeader;

    public override bool CallerIgnoresOrBlocks(int signal)
    {
        UserThread caller = UserThread.Current;
        return caller.SignalState.Blocked.Contains(signal) || caller.Process.SignalState.Actions[signal].IsIgnore;
    }

    public override bool CallerHas(int capability) => UserThread.Current.Credentials.Has(capability);

    public override bool TryFindGroup(int id, [NotNullWhen(true)] out TerminalGroup? group)
    {
        using (SpinLock.Guard guard = ProcessTree.Lock.Acquire())
        {
            group = PidTable.Find(id)?.Group;
            return group is not null;
        }
    }
}
