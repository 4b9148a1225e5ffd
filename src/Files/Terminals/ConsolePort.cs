using System;
using Cashew.Machine;

namespace Cashew.Files.Terminals;

/// <summary>A console of the machine as a terminal's port. The device takes any number of bytes and waits by itself.</summary>
public sealed class ConsolePort(ConsoleDevice device) : TerminalPort
{
    private readonly ConsoleDevice _device = device;

    public override int RoomBytes => int.MaxValue;
    public override void Write(ReadOnlySpan<byte> bytes) => _device.Write(bytes);
}
