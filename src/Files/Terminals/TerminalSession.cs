using Cashew.Machine;

namespace Cashew.Files.Terminals;

/// <summary>A session as terminals see it; the process model derives from it.</summary>
/// <locking>Which session has which terminal is one fact about two objects, so one spin lock protects them
/// all.</locking>
public abstract class TerminalSession
{
    internal static readonly SpinLock TerminalsLock = new(LockRank.TerminalSessions);

    private Terminal? _terminal;

    public abstract int Id { get; }

    /// <summary>The controlling terminal.</summary>
    public Terminal? Terminal
    {
        get => System.Threading.Volatile.Read(ref _terminal);
        internal set => System.Threading.Volatile.Write(ref _terminal, value);
    }

    /// <summary>The leader has ended. The foreground group is told; and a terminal that is a line is hung up,
    /// so that nobody of this session is there when the next one begins.</summary>
    /// <source>_exit(2), "Notes": SIGHUP to each process in the foreground.</source>
    /// <locking>No lock held that group signals need.</locking>
    public void EndOfLeader()
    {
        Terminal? terminal = Terminal;
        TerminalGroup? foreground = Release();
        if (terminal is { IsLine: true }) terminal.BreakOff();
        foreground?.SendSignal(Abi.Signals.SIGHUP);
    }

    /// <summary>The leader gives the session's terminal up. The foreground group is told.</summary>
    /// <source>ioctl_tty(2), TIOCNOTTY: SIGHUP, then SIGCONT.</source>
    /// <locking>No lock held that group signals need.</locking>
    public void Disassociate()
    {
        TerminalGroup? foreground = Release();
        foreground?.SendSignal(Abi.Signals.SIGHUP);
        foreground?.SendSignal(Abi.Signals.SIGCONT);
    }

    /// <summary>The terminal is gone. The leader is told, and tells its jobs as it sees fit.</summary>
    /// <source>POSIX, General Terminal Interface, "Modem Disconnect": SIGHUP to the controlling
    /// process.</source>
    /// <locking>No lock held that signals need.</locking>
    internal void LoseTerminal()
    {
        _ = Release(); // the foreground group is the leader's business
        SendSignalToLeader(Abi.Signals.SIGHUP);
        SendSignalToLeader(Abi.Signals.SIGCONT);
    }

    /// <summary>Raises a signal of the kernel's own for the process that leads the session, if it is still
    /// there.</summary>
    protected abstract void SendSignalToLeader(int signal);

    private TerminalGroup? Release()
    {
        using SpinLock.Guard guard = TerminalsLock.Acquire();
        TerminalGroup? foreground = Terminal?.ReleaseSessionLocked();
        Terminal = null;
        return foreground;
    }
}
