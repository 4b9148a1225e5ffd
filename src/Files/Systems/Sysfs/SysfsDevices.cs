using System;

namespace Cashew.Files.Systems;

/// <summary>The devices that drivers have registered, by class and by number.</summary>
/// <source>sysfs(5); Linux's rules on how to access information in sysfs.</source>
internal static class SysfsDevices
{
    private const uint MemoryMajor = 1;
    private const uint MiscellaneousMajor = 10;

    internal static void AddTo(SysFilesystem sysfs)
    {
        sysfs.AddDirectory("class/mem"u8);
        sysfs.AddDirectory("class/misc"u8);
        sysfs.AddDirectory("class/tty"u8);
        foreach (CharacterDevices.Registration device in CharacterDevices.All) Add(sysfs, device);
    }

    private static void Add(SysFilesystem sysfs, CharacterDevices.Registration device)
    {
        ReadOnlySpan<byte> kind = device.Number.Major switch
        {
            MemoryMajor => "mem"u8,
            MiscellaneousMajor => "misc"u8,
            _ => "tty"u8,
        };
        byte[] number = new ByteBuilder()
            .Append((long)device.Number.Major).Append((byte)':').Append((long)device.Number.Minor).ToArray();
        byte[] name = new ByteBuilder().AppendAscii(device.Name).ToArray();

        // Below one directory there may be no other device: a slash in a name is a "!".
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] == (byte)'/') name[i] = (byte)'!';
        }

        byte[] place = new ByteBuilder().Append("devices/virtual/"u8).Append(kind).Append((byte)'/').Append(name).ToArray();
        sysfs.AddText(Path(place, "/dev"u8), text => text.Append(number).Append((byte)'\n'));
        sysfs.AddText(Path(place, "/uevent"u8), text => AppendEvent(text, device));
        sysfs.AddLink(Path(place, "/subsystem"u8), Path("../../../../class/"u8, kind));
        sysfs.AddLink(
            new ByteBuilder().Append("class/"u8).Append(kind).Append((byte)'/').Append(name).Written,
            Path("../../"u8, place));
        sysfs.AddLink(Path("dev/char/"u8, number), Path("../../"u8, place));
    }

    private static ReadOnlySpan<byte> Path(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
        => new ByteBuilder().Append(first).Append(second).Written;

    private static void AppendEvent(ByteBuilder text, CharacterDevices.Registration device)
    {
        const uint usual = 0x180; // 0600
        text.Append("MAJOR="u8).Append((long)device.Number.Major).Append("\nMINOR="u8);
        text.Append((long)device.Number.Minor).Append("\nDEVNAME="u8).AppendAscii(device.Name).Append((byte)'\n');
        if (device.Permissions == usual) return;
        text.Append("DEVMODE=0"u8).AppendOctal(device.Permissions).Append((byte)'\n');
    }
}
