using System;
using Cashew.Files;
using Cashew.Files.Terminals;

namespace Cashew.Processes;

/// <summary>What devices there are.</summary>
internal static class DeviceText
{
    private const int NumberColumns = 3;

    // /dev/console.
    private const uint ConsoleMajor = 5;
    private const uint ConsoleMinor = 1;

    /// <summary>The major numbers in use, and whose they are.</summary>
    /// <source>proc_devices(5); the names are those of Linux's list of devices.</source>
    internal static void Append(ByteBuilder text)
    {
        text.Append("Character devices:\n"u8);
        ReadOnlySpan<CharacterDevices.Registration> all = CharacterDevices.All;
        uint last = 0;
        while (TryFindNextMajor(all, last, out uint major))
        {
            text.Append((long)major, NumberColumns).Append((byte)' ');
            text.Append(NameOf(major)).Append((byte)'\n');
            last = major;
        }

        text.Append("\nBlock devices:\n"u8);
    }

    /// <summary>The terminal that the kernel writes to and /dev/console is.</summary>
    /// <source>proc_consoles(5): read and write; enabled, preferred, printed to before it has been set
    /// up.</source>
    internal static void AppendConsoles(ByteBuilder text)
    {
        DeviceNumber number = new(ConsoleMajor, ConsoleMinor);
        foreach (ref readonly CharacterDevices.Registration device in CharacterDevices.All)
        {
            if (device.Number.Encoded == number.Encoded && device.Device is TerminalDevice { Terminal: { } console })
                AppendConsole(text, console);
        }
    }

    private static void AppendConsole(ByteBuilder text, Terminal console)
    {
        const int nameColumns = 21;
        int start = text.LengthBytes;
        text.AppendAscii(console.Name);
        text.Pad(start + nameColumns - text.LengthBytes, (byte)' ').Append("-W- (EC p a) "u8);
        text.Append((long)console.Number.Major, NumberColumns + 1).Append((byte)':');
        text.Append((long)console.Number.Minor).Append((byte)'\n');
    }

    /// <source>proc_misc(5): the devices of major number 10, of which there are none.</source>
    internal static void AppendMiscellaneous(ByteBuilder text)
    {
    }

    /// <source>proc_partitions(5): the heading alone, for there are no disks.</source>
    internal static void AppendPartitions(ByteBuilder text)
        => text.Append("major minor  #blocks  name\n\n"u8);

    /// <source>proc_diskstats(5): a line for each disk.</source>
    internal static void AppendDiskStatistics(ByteBuilder text)
    {
    }

    private static bool TryFindNextMajor(
        ReadOnlySpan<CharacterDevices.Registration> all, uint last, out uint major)
    {
        major = uint.MaxValue;
        foreach (ref readonly CharacterDevices.Registration device in all)
        {
            if (device.Number.Major > last && device.Number.Major < major) major = device.Number.Major;
        }

        return major != uint.MaxValue;
    }

    private static ReadOnlySpan<byte> NameOf(uint major) => major switch
    {
        1 => "mem"u8,
        4 => "ttyS"u8,
        5 => "/dev/tty"u8,
        10 => "misc"u8,
        _ => "unnamed"u8,
    };
}
