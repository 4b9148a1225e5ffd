using System;
using Cashew.Files;

namespace Cashew.Processes;

/// <summary>What devices there are.</summary>
internal static class DeviceText
{
    private const int NumberColumns = 3;

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
