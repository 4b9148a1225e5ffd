using System;

namespace Cashew.Files.Terminals;

/// <summary>What a terminal's bytes go to: a console, a serial line, the other half of a pseudo-terminal.</summary>
public abstract class TerminalPort
{
    /// <summary>Bytes taken and not yet gone (TIOCOUTQ).</summary>
    public abstract int PendingBytes { get; }

    /// <summary>Takes as many bytes as it has room for. When it took less than all,
    /// <see cref="Terminal.NotifyOutputRoom"/> follows.</summary>
    /// <locking>The terminal's lock is held.</locking>
    public abstract int Write(ReadOnlySpan<byte> bytes);

    /// <summary>Forgets what is pending (TCOFLUSH).</summary>
    public abstract void Discard();

    /// <summary>Speed or shape of the line may have changed.</summary>
    public virtual void SettingsChanged(TerminalSettings settings)
    {
    }

    /// <summary>A condition of zeros on the line for a while. Ports that are no lines ignore it, as Linux's do.</summary>
    public virtual void SendBreak(int milliseconds)
    {
    }
}
