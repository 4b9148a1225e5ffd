using System;
using Cashew.Abi;
using Cashew.Drivers.Serial;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Files.Terminals;
using Cashew.Machine;

namespace Cashew.Kernel.Boot;

/// <summary>The serial ports as terminals, and the device nodes they are reached by.</summary>
/// <source>The numbers are those of Linux's list of devices: 4 from 64 on for serial ports, 5 for the special
/// ones.</source>
internal static class Consoles
{
    private const uint SerialMajor = 4;
    private const uint SerialFirstMinor = 64;
    private const uint SpecialMajor = 5;
    private const uint TtyMinor = 0;
    private const uint ConsoleMinor = 1;
    private const uint MultiplexerMinor = 2;
    private const uint ForOwner = Mode.S_IRUSR | Mode.S_IWUSR;
    private const uint ForAll = 0x1B6; // 0666

    // Where an IBM PC has them: port and interrupt line.
    private const ushort FirstPort = 0x3F8;
    private const int FirstLine = 4;
    private const ushort SecondPort = 0x2F8;
    private const int SecondLine = 3;

    /// <param name="consoleName">Which terminal is the console; the first there is if there is none of that
    /// name.</param>
    internal static void Start(ReadOnlySpan<byte> consoleName)
    {
        Terminal? first = TryAdd("ttyS0", FirstPort, FirstLine, minor: 0);
        Terminal? second = TryAdd("ttyS1", SecondPort, SecondLine, minor: 1);
        Terminal? console = consoleName.SequenceEqual("ttyS1"u8) ? second ?? first : first ?? second;
        if (console is null) Log.Warning("no serial port: there is no console"u8);
        else Register("console", SpecialMajor, ConsoleMinor, ForOwner, new TerminalDevice(console, isConsole: true));
        Register("tty", SpecialMajor, TtyMinor, ForAll, new ControllingTerminalDevice());
        Register("ptmx", SpecialMajor, MultiplexerMinor, ForAll, new MultiplexerDevice());
    }

    private static Terminal? TryAdd(string name, ushort port, int line, uint minor)
    {
        if (!Uart16550.TryOpen(port, line, out Uart16550? uart)) return null;
        DeviceNumber number = new(SerialMajor, SerialFirstMinor + minor);
        Terminal terminal = new(name, number, new ConsolePort(uart));
        if (!TerminalReceiver.TryConnect(uart, terminal))
        {
            Log.Error("no memory for a terminal's thread"u8);
            return null;
        }

        Register(name, number.Major, number.Minor, ForOwner, new TerminalDevice(terminal, isConsole: false));
        return terminal;
    }

    private static void Register(string name, uint major, uint minor, uint permissions, CharacterDevice device)
        => CharacterDevices.Register(new CharacterDevices.Registration
        {
            Number = new DeviceNumber(major, minor),
            Name = name,
            Permissions = permissions,
            Device = device,
        });
}
