using Cashew.Abi;

namespace Cashew.Processes;

/// <summary>What a signal does to a process that has not said what it wants.</summary>
public enum SignalDefault : byte
{
    Terminate,
    Core,
    Stop,
    Continue,
    Ignore,
}

/// <summary>The default actions.</summary>
/// <source>signal(7), the table "Standard signals".</source>
public static class SignalDefaults
{
    /// <summary>Signals raised by the instruction that the thread is executing.</summary>
    public static SignalSet Synchronous =>
        SignalSet.Of(Signals.SIGSEGV) | SignalSet.Of(Signals.SIGBUS) | SignalSet.Of(Signals.SIGILL)
        | SignalSet.Of(Signals.SIGTRAP) | SignalSet.Of(Signals.SIGFPE) | SignalSet.Of(Signals.SIGSYS);

    public static SignalSet Stopping =>
        SignalSet.Of(Signals.SIGSTOP) | SignalSet.Of(Signals.SIGTSTP)
        | SignalSet.Of(Signals.SIGTTIN) | SignalSet.Of(Signals.SIGTTOU);

    public static SignalDefault Of(int signal) => signal switch
    {
        Signals.SIGQUIT or Signals.SIGILL or Signals.SIGTRAP or Signals.SIGABRT or Signals.SIGBUS
            or Signals.SIGFPE or Signals.SIGSEGV or Signals.SIGXCPU or Signals.SIGXFSZ
            or Signals.SIGSYS => SignalDefault.Core,
        Signals.SIGSTOP or Signals.SIGTSTP or Signals.SIGTTIN or Signals.SIGTTOU => SignalDefault.Stop,
        Signals.SIGCONT => SignalDefault.Continue,
        Signals.SIGCHLD or Signals.SIGURG or Signals.SIGWINCH => SignalDefault.Ignore,
        _ => SignalDefault.Terminate,
    };

    /// <summary>Whether the default action lets the process go on undisturbed.</summary>
    public static bool IsHarmless(int signal) =>
        Of(signal) is SignalDefault.Ignore or SignalDefault.Continue;
}
