using System.Diagnostics.CodeAnalysis;
using Cashew.Files.Terminals;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>What terminals ask about the process that uses them.</summary>
public sealed class ProcessJobControl : JobControl
{
    public override TerminalSession? CallerSession => UserThread.CurrentOrNone?.Process.Session;

    public override TerminalGroup? CallerGroup => UserThread.CurrentOrNone?.Process.Group;

    public override bool CallerIsSessionLeader => UserThread.CurrentOrNone?.Process.IsSessionLeader ?? false;

    public override bool CallerIgnoresOrBlocks(int signal)
    {
        if (UserThread.CurrentOrNone is not { } caller) return true;
        return caller.SignalState.Blocked.Contains(signal) || caller.Process.SignalState.Actions[signal].IsIgnore;
    }

    public override bool CallerHasNoTerminal => UserThread.CurrentOrNone?.Process.HasNoTerminal ?? false;

    public override void GiveUpTerminal() => UserThread.Current.Process.HasNoTerminal = true;

    public override bool CallerHas(int capability) =>
        UserThread.CurrentOrNone?.Credentials.Has(capability) ?? true;

    public override bool CallerIsInGroup(uint group) =>
        UserThread.CurrentOrNone?.Credentials.IsInGroup(group) ?? true;

    public override bool TryFindGroup(int id, [NotNullWhen(true)] out TerminalGroup? group)
    {
        using (SpinLock.Guard guard = ProcessTree.Lock.Acquire())
        {
            group = PidTable.Find(id)?.Group;
            return group is not null;
        }
    }
}
