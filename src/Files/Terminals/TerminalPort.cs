using System;

namespace Cashew.Files.Terminals;

/// <summary>What a terminal's bytes go to: a console, a serial line, the other half of a pseudo-terminal.</summary>
public abstract class TerminalPort
{
    /// <summary>How many bytes it takes now.</summary>
    public abstract int RoomBytes { get; }

    /// <summary>Bytes taken and not yet gone (TIOCOUTQ).</summary>
    public virtual int PendingBytes => 0;

    /// <summary>Takes bytes, for which there is room. When there is room again after there was none, it calls
    /// <see cref="Terminal.NotifyOutputRoom"/>.</summary>
    /// <locking>The terminal's lock is held.</locking>
    public abstract void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Forgets what is pending (TCOFLUSH).</summary>
    public virtual void Discard()
    {
    }

    /// <summary>Speed or shape of the line may have changed.</summary>
    public virtual void SettingsChanged(TerminalSettings settings)
    {
    }

    /// <summary>A condition of zeros on the line for a while. Ports that are no lines ignore it, as Linux's do.</summary>
    public virtual void SendBreak(int milliseconds)
    {
    }
}
