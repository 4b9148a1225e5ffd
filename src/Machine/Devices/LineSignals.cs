using System;

namespace Cashew.Machine;

/// <summary>The wires of a serial line beside those for data. The values are those that programs
/// see.</summary>
/// <source>ioctl_tty(2), "Modem control".</source>
[Flags]
public enum LineSignals
{
    None = 0,
    DataTerminalReady = 0x002,
    RequestToSend = 0x004,
    ClearToSend = 0x020,
    CarrierDetect = 0x040,
    RingIndicator = 0x080,
    DataSetReady = 0x100,
    FirstOutput = 0x2000,
    SecondOutput = 0x4000,
    Loopback = 0x8000,

    /// <summary>What this side can set. The second output is not among it: it lets the port's interrupts
    /// through.</summary>
    Settable = DataTerminalReady | RequestToSend | FirstOutput | Loopback,
}
