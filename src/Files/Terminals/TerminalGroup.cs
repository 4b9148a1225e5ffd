namespace Cashew.Files.Terminals;

/// <summary>A process group as terminals see it; the process model derives from it.</summary>
public abstract class TerminalGroup
{
    public abstract int Id { get; }
    public abstract TerminalSession Session { get; }

    /// <summary>No process in it has a parent in another group of the session, which could continue it once
    /// stopped.
    /// </summary>
    /// <source>setpgid(2), "orphaned process group".</source>
    public abstract bool IsOrphaned { get; }

    /// <summary>Sends a signal, which the kernel is the origin of, to all processes in it.</summary>
    /// <locking>Called with no lock held.</locking>
    public abstract void SendSignal(int signal);
}
