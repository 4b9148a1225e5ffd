using System.Threading;

namespace Cashew.Processes;

/// <summary>The actions of a process, one a signal; shared by clone(2) with CLONE_SIGHAND.</summary>
/// <locking>None: each action is immutable and replaced whole. Whoever decides by an action holds the signal
/// lock, and who makes one ignored takes that lock afterwards to throw away what is pending.</locking>
public sealed class SignalActions
{
    private readonly SignalAction[] _actions = new SignalAction[SignalSet.MaxSignal];
    private int _userCount = 1;

    public SignalActions()
    {
        for (int i = 0; i < _actions.Length; i++) _actions[i] = SignalAction.Default;
    }

    private SignalActions(SignalActions from)
    {
        for (int i = 0; i < _actions.Length; i++) _actions[i] = Volatile.Read(ref from._actions[i]);
    }

    public SignalAction this[int signal]
    {
        get => Volatile.Read(ref _actions[signal - 1]);
        set => Volatile.Write(ref _actions[signal - 1], value);
    }

    /// <summary>Replaces an action and returns the old one.</summary>
    public SignalAction Exchange(int signal, SignalAction action) =>
        Interlocked.Exchange(ref _actions[signal - 1], action);

    /// <summary>Back to the default, unless another action has been set meanwhile.</summary>
    public void Reset(int signal, SignalAction used) =>
        Interlocked.CompareExchange(ref _actions[signal - 1], SignalAction.Default, used);

    /// <summary>Whether another process uses this table, too: then an exec takes a copy.</summary>
    public bool IsShared => Volatile.Read(ref _userCount) > 1;

    public SignalActions Share()
    {
        Interlocked.Increment(ref _userCount);
        return this;
    }

    public void Release() => Interlocked.Decrement(ref _userCount);

    public SignalActions Copy() => new(this);

    /// <summary>What execve(2) does: handlers are gone with the program that had them, ignored stays ignored.
    /// </summary>
    public void ResetHandlers()
    {
        for (int signal = 1; signal <= SignalSet.MaxSignal; signal++)
        {
            this[signal] = this[signal].IsIgnore ? SignalAction.Ignore : SignalAction.Default;
        }
    }

    /// <summary>CLONE_CLEAR_SIGHAND: the new process starts with no handlers.</summary>
    public static SignalActions CopyWithoutHandlers(SignalActions from)
    {
        SignalActions copy = from.Copy();
        copy.ResetHandlers();
        return copy;
    }
}
