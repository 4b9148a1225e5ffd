using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>Replaces what a process wants done with a signal.</summary>
/// <source>sigaction(2); signal(7): a pending signal that becomes ignored is discarded, blocked or
/// not.</source>
public static class SignalActionChange
{
    /// <returns>The action that was.</returns>
    public static SignalAction Apply(Process process, int signal, SignalAction action)
    {
        ProcessSignals state = process.SignalState;
        SignalAction old = state.Actions.Exchange(signal, action);
        bool isIgnored = action.IsIgnore
            || (action.IsDefault && SignalDefaults.Of(signal) == SignalDefault.Ignore);
        if (!isIgnored) return old;
        using (SpinLock.Guard guard = state.Lock.Acquire())
            SignalSender.RemoveEverywhereLocked(process, SignalSet.Of(signal));
        return old;
    }
}
