using System;
using System.Collections.Generic;
using Cashew.Abi;

namespace Cashew.Host.Files;

/// <summary>Files of all kinds, as an archive and as what shall come of it.</summary>
internal static class RandomTree
{
    private const string Letters = "abcdefg-.";

    internal static byte[] Make(
        Random random, int count, bool alignsData, SortedDictionary<string, string> expected)
    {
        string magic = random.Next(3) == 0 ? "070702" : "070701";
        ArchiveBuilder archive = new() { AlignsData = alignsData, Magic = magic };
        List<string> directories = [""];
        for (int i = 0; i < count; i++)
        {
            string name = directories[random.Next(directories.Count)] + NewName(random, i);
            ArchiveBuilder.Entry entry = NewEntry(random, name);
            archive.Add(entry with { Name = Prefix(random) + name });
            ulong device = Device(entry);
            byte[] contents = entry.Data;
            expected.Add(name, FileLine.Of(entry.TypeAndMode, entry.Uid, entry.Gid, entry.Mtime, device, contents));
            if ((entry.TypeAndMode & Mode.S_IFMT) == Mode.S_IFDIR) directories.Add(name + "/");
        }

        return archive.End().ToArray();
    }

    private static string NewName(Random random, int number)
    {
        string name = number.ToString();
        for (int length = random.Next(random.Next(30) == 0 ? 240 : 12); length > 0; length--)
        {
            name += Letters[random.Next(Letters.Length)];
        }

        return name;
    }

    private static string Prefix(Random random) => random.Next(4) switch
    {
        0 => "/",
        1 => "./",
        _ => "",
    };

    private static ArchiveBuilder.Entry NewEntry(Random random, string name)
    {
        uint type = random.Next(10) switch
        {
            0 or 1 => Mode.S_IFDIR,
            2 => Mode.S_IFLNK,
            3 => Mode.S_IFCHR,
            4 => random.Next(3) switch { 0 => Mode.S_IFBLK, 1 => Mode.S_IFIFO, _ => Mode.S_IFSOCK },
            _ => Mode.S_IFREG,
        };
        return new ArchiveBuilder.Entry(name, type | (uint)random.Next(0x1000))
        {
            Uid = (uint)random.Next(),
            Gid = (uint)random.Next(70_000),
            Mtime = (uint)random.NextInt64(uint.MaxValue),
            Data = NewData(random, type),
            DeviceMajor = type is Mode.S_IFCHR or Mode.S_IFBLK ? (uint)random.Next(0x1000) : 0,
            DeviceMinor = type is Mode.S_IFCHR or Mode.S_IFBLK ? (uint)random.Next(0x10_0000) : 0,
        };
    }

    private static byte[] NewData(Random random, uint type)
    {
        int length = type switch
        {
            Mode.S_IFLNK => 1 + random.Next(300),
            Mode.S_IFREG => random.Next(4) switch
            {
                0 => random.Next(10),
                1 => random.Next(3) * ArchiveBuilder.PageBytes,
                _ => random.Next(30_000),
            },
            _ => 0,
        };
        byte[] data = new byte[length];
        random.NextBytes(data);
        if (type == Mode.S_IFLNK) for (int i = 0; i < length; i++) data[i] = (byte)('A' + data[i] % 50);
        return data;
    }

    // makedev(3).
    private static ulong Device(ArchiveBuilder.Entry entry)
        => (entry.DeviceMinor & 0xFF) | (entry.DeviceMajor << 8) | ((ulong)(entry.DeviceMinor >> 8) << 20);
}
