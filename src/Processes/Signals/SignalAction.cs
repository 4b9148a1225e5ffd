using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>
/// What a process wants done with one signal. Immutable and replaced as a whole, so that the sender of a
/// signal reads it without a lock, whichever processes share the table.
/// </summary>
public sealed class SignalAction
{
    /// <summary>Flags the kernel keeps; sigaction(2) clears the others, which is how programs probe for new
    /// ones.</summary>
    public const ulong KnownFlags = SigactionBits.SA_NOCLDSTOP | SigactionBits.SA_NOCLDWAIT
        | SigactionBits.SA_SIGINFO | SigactionBits.SA_ONSTACK | SigactionBits.SA_RESTART
        | SigactionBits.SA_NODEFER | SigactionBits.SA_RESETHAND | SigactionBits.SA_RESTORER;

    private const ulong DefaultHandler = 0;
    private const ulong IgnoreHandler = 1;

    public static readonly SignalAction Default = new(DefaultHandler, 0, 0, SignalSet.Empty);
    public static readonly SignalAction Ignore = new(IgnoreHandler, 0, 0, SignalSet.Empty);

    public SignalAction(ulong handler, ulong flags, ulong restorer, SignalSet mask)
    {
        Handler = handler;
        Flags = flags;
        Restorer = restorer;
        Mask = mask;
    }

    /// <summary>sa_handler as the user gave it: SIG_DFL, SIG_IGN or an address.</summary>
    public ulong Handler { get; }

    public ulong Flags { get; }

    public ulong Restorer { get; }

    /// <summary>What is blocked while the handler runs, beside the signal itself.</summary>
    public SignalSet Mask { get; }

    public bool IsDefault => Handler == DefaultHandler;

    public bool IsIgnore => Handler == IgnoreHandler;

    public bool IsHandled => Handler > IgnoreHandler;

    public bool Has(ulong flag) => (Flags & flag) != 0;
}
