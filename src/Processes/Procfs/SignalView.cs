using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>The signal sets of a thread and its process at one moment.</summary>
internal readonly struct SignalView
{
    internal SignalSet OwnPending { get; private init; }
    internal SignalSet SharedPending { get; private init; }
    internal SignalSet Blocked { get; private init; }
    internal SignalSet Ignored { get; private init; }
    internal SignalSet Caught { get; private init; }

    internal static SignalView Of(Subject subject)
    {
        ProcessSignals shared = subject.Process.SignalState;
        SignalSet ignored = SignalSet.Empty;
        SignalSet caught = SignalSet.Empty;
        using SpinLock.Guard guard = shared.Lock.Acquire();
        for (int signal = 1; signal <= SignalSet.MaxSignal; signal++)
        {
            SignalAction action = shared.Actions[signal];
            if (action.IsIgnore) ignored |= SignalSet.Of(signal);
            else if (action.IsHandled) caught |= SignalSet.Of(signal);
        }

        ThreadSignals? own = subject.Thread?.SignalState;
        return new SignalView
        {
            OwnPending = own?.Pending ?? SignalSet.Empty,
            SharedPending = shared.Pending,
            Blocked = own?.Blocked ?? SignalSet.Empty,
            Ignored = ignored,
            Caught = caught,
        };
    }
}
