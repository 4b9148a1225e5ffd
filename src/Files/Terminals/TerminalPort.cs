using System;
using Cashew.Machine;

namespace Cashew.Files.Terminals;

/// <summary>What a terminal's bytes go to: a console, a serial line, the other half of a
/// pseudo-terminal.</summary>
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

    /// <summary>How the terminal is set at first.</summary>
    public virtual TerminalSettings CreateSettings() => TerminalSettings.CreateDefault();

    /// <summary>Speed or shape of the line may have changed.</summary>
    public virtual void SettingsChanged(TerminalSettings settings)
    {
    }

    /// <summary>Whether IXOFF has a meaning: who has the other side of a pair waits without being
    /// told.</summary>
    public virtual bool PausesSender => true;

    /// <summary>Bytes that came at once are taken now: what is echoed meanwhile can still be
    /// discarded.</summary>
    /// <locking>The terminal's lock is held.</locking>
    public virtual void BeginInput()
    {
    }

    /// <inheritdoc cref="BeginInput"/>
    public virtual void EndInput()
    {
    }

    /// <summary>Typed bytes that have been taken were read: there may be room for more.</summary>
    /// <locking>No lock held.</locking>
    public virtual void InputRead()
    {
    }

    /// <summary>Typed bytes that nobody had read are forgotten.</summary>
    /// <locking>The terminal's lock is held.</locking>
    public virtual void InputFlushed()
    {
    }

    /// <summary>The output has been stopped, or goes on.</summary>
    /// <locking>The terminal's lock is held.</locking>
    public virtual void FlowChanged(bool isStopped)
    {
    }

    /// <summary>Somebody has opened the terminal, or closed it.</summary>
    /// <locking>The terminal's lock is held.</locking>
    public virtual void UsersChanged(int count)
    {
    }

    /// <summary>Whether what was typed, and the terminal's state, wait for the next who opens it when nobody
    /// has it open.</summary>
    public virtual bool OutlivesUsers => false;

    /// <summary>Nobody is at the other side, and never will be.</summary>
    public virtual bool IsGone => false;

    /// <summary>What is possible of the settings that a program asks for.</summary>
    public virtual TerminalSettings Fit(TerminalSettings wanted) => wanted;

    /// <summary>Whether it is a line with wires beside those for data, which can be read and set.</summary>
    public virtual bool HasSignals => false;

    /// <source>ioctl_tty(2), "Modem control".</source>
    public virtual LineSignals Signals
    {
        get => LineSignals.None;
        set { }
    }

    /// <summary>A condition of zeros on the line begins or ends. Ports that are no lines ignore it, as
    /// Linux's do.</summary>
    public virtual void SetBreak(bool isOn)
    {
    }
}
