using System;
using Cashew.Machine;

namespace Cashew.Files.Terminals;

/// <summary>A console of the machine as a terminal's port.</summary>
public sealed class ConsolePort(ConsoleDevice device) : TerminalPort
{
    private readonly ConsoleDevice _device = device;

    public override int PendingBytes => _device.PendingBytes;
    public override int Write(ReadOnlySpan<byte> bytes) => _device.Write(bytes);
    public override void Discard() => _device.DiscardOutput();

    public override bool HasSignals => _device.IsLine;

    public override LineSignals Signals
    {
        get => _device.Signals;
        set => _device.Signals = value;
    }

    public override void SetBreak(bool isOn) => _device.SetBreak(isOn);
}
