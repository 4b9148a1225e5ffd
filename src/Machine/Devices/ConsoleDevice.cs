using System;

namespace Cashew.Machine;

/// <summary>Contract between a serial (or other) driver and the terminal that sits on it.</summary>
public abstract class ConsoleDevice
{
    /// <summary>Gets what arrives; set once, by the terminal.</summary>
    public ConsoleReceiver? Receiver { get; set; }

    /// <summary>Bytes the device has not sent yet.</summary>
    public abstract int PendingBytes { get; }

    /// <summary>
    /// Takes as many bytes as it has room for and sends them in the background; may be called with interrupts
    /// off and under spin locks. When it took less than all, <see cref="ConsoleReceiver.SpaceAvailable"/>
    /// follows.
    /// </summary>
    public abstract int Write(ReadOnlySpan<byte> bytes);

    /// <summary>Forgets what has not been sent.</summary>
    public abstract void DiscardOutput();

    /// <summary>Whether it is a serial line, with <see cref="Signals"/> and breaks.</summary>
    public virtual bool IsLine => false;

    /// <summary>The wires as they are now. Of what is set, only <see cref="LineSignals.Settable"/>
    /// counts.</summary>
    public virtual LineSignals Signals
    {
        get => LineSignals.None;
        set { }
    }

    /// <summary>Begins or ends a break: the line is held at zero.</summary>
    public virtual void SetBreak(bool isOn)
    {
    }
}
