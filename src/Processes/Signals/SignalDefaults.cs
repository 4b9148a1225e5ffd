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
    public static SignalSet Synchronous => new(
        1UL << Signals.SIGSEGV - 1 | 1UL << Signals.SIGBUS - 1 | 1UL << Signals.SIGILL - 1
        | 1UL << Signals.SIGTRAP - 1 | 1UL << Signals.SIGFPE - 1 | 1UL << Signals.SIGSYS - 1);

    public static SignalSet Stopping => new(
        1UL << Signals.SIGSTOP - 1 | 1UL << Signals.SIGTSTP - 1
        | 1UL << Signals.SIGTTIN - 1 | 1UL << Signals.SIGTTOU - 1);

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
