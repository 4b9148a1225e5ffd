using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Cashew.Abi;

namespace Cashew.Host.Files;

/// <summary>Writes cpio archives, right ones and, where a test says so, wrong ones.</summary>
internal sealed class ArchiveBuilder
{
    internal const int HeaderBytes = 110;
    internal const int PageBytes = 4096;

    private readonly List<byte> _bytes = [];
    private uint _lastInode;

    /// <summary>Bring the data of files to page boundaries by longer names.</summary>
    internal bool AlignsData { get; init; }

    internal string Magic { get; init; } = "070701";

    internal int Length => _bytes.Count;

    internal byte[] ToArray() => _bytes.ToArray();

    internal ArchiveBuilder Directory(string name, uint mode = 0x1ED, uint mtime = 0)
        => Add(new Entry(name, Mode.S_IFDIR | mode) { LinkCount = 2, Mtime = mtime });

    internal ArchiveBuilder File(string name, string data, uint mode = 0x1A4)
        => Add(new Entry(name, Mode.S_IFREG | mode) { Data = Encoding.ASCII.GetBytes(data) });

    internal ArchiveBuilder File(string name, byte[] data, uint mode = 0x1A4)
        => Add(new Entry(name, Mode.S_IFREG | mode) { Data = data });

    internal ArchiveBuilder Symlink(string name, string target)
        => Add(new Entry(name, Mode.S_IFLNK | 0x1FF) { Data = Encoding.ASCII.GetBytes(target) });

    internal ArchiveBuilder Link(string name, uint inode, uint linkCount, string data = "")
        => Add(new Entry(name, Mode.S_IFREG | 0x1A4)
        {
            Inode = inode,
            LinkCount = linkCount,
            Data = Encoding.ASCII.GetBytes(data),
        });

    internal ArchiveBuilder Device(string name, uint type, uint major, uint minor)
        => Add(new Entry(name, type | 0x1B6) { DeviceMajor = major, DeviceMinor = minor });

    internal ArchiveBuilder End() => Add(new Entry("TRAILER!!!", 0) { Inode = 0 }).Pad(512);

    internal ArchiveBuilder Nuls(int count)
    {
        for (int i = 0; i < count; i++) _bytes.Add(0);
        return this;
    }

    internal ArchiveBuilder Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    internal ArchiveBuilder Pad(int alignment) => Nuls(-_bytes.Count & (alignment - 1));

    internal ArchiveBuilder Add(Entry entry)
    {
        int nameBytes = Encoding.UTF8.GetByteCount(entry.Name) + 1;
        if (AlignsData && entry.Data.Length >= PageBytes)
        {
            int longer = nameBytes + (-(_bytes.Count + HeaderBytes + nameBytes) & (PageBytes - 1));
            if (longer > PageBytes)
            {
                Add(new Entry(".", Mode.S_IFDIR | 0x1ED) { NameBytes = PageBytes / 2 });
                longer = nameBytes + (-(_bytes.Count + HeaderBytes + nameBytes) & (PageBytes - 1));
            }

            nameBytes = longer;
        }

        if (entry.NameBytes is int given) nameBytes = given;
        uint sum = 0;
        foreach (byte value in entry.Data) sum += value;
        uint inode = entry.Inode ?? ++_lastInode + 1000;
        uint[] fields =
        [
            inode, entry.TypeAndMode, entry.Uid, entry.Gid, entry.LinkCount, entry.Mtime,
            entry.ClaimedBytes ?? (uint)entry.Data.Length, 3, 1, entry.DeviceMajor, entry.DeviceMinor,
            entry.ClaimedNameBytes ?? (uint)nameBytes, Magic == "070702" ? sum : 0,
        ];
        _bytes.AddRange(Encoding.ASCII.GetBytes(Magic));
        foreach (uint field in fields)
        {
            _bytes.AddRange(Encoding.ASCII.GetBytes(field.ToString("x8", CultureInfo.InvariantCulture)));
        }

        byte[] name = new byte[nameBytes];
        Encoding.UTF8.GetBytes(entry.Name, name);
        _bytes.AddRange(name);
        Pad(4);
        _bytes.AddRange(entry.Data);
        return Pad(4);
    }

    internal sealed record Entry(string Name, uint TypeAndMode)
    {
        internal byte[] Data { get; init; } = [];
        internal uint? Inode { get; init; }
        internal uint Uid { get; init; }
        internal uint Gid { get; init; }
        internal uint LinkCount { get; init; } = 1;
        internal uint Mtime { get; init; }
        internal uint DeviceMajor { get; init; }
        internal uint DeviceMinor { get; init; }
        internal int? NameBytes { get; init; }
        internal uint? ClaimedNameBytes { get; init; }
        internal uint? ClaimedBytes { get; init; }
    }
}
